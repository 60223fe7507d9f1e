namespace Advisor.Benchmarks.Api;

/// <summary>What the users of the load ask for: the pages of a dashboard, each as often as its weight.</summary>
internal static class QueryMix
{
    private static readonly (int Weight, Func<BenchUser, Random, string> Query)[] s_mix =
    [
        (20, (_, _) => "limit=25"),
        (10, (_, _) => "limit=100"),
        (10, (_, _) => "band=low&limit=25"),
        (10, (_, _) => "status=in_review&limit=25"),
        (8, (_, _) => "type=anomaly&limit=25"),
        (8, (_, _) => "type=trend&band=high&limit=25"),
        (8, (_, _) => "confidence_min=0.9&limit=25"),
        (6, (_, _) => "metric=revenue&limit=25"),
        (5, (_, _) => "sort=-amount&limit=25"),
        (15, (user, random) => $"document_id={user.DocumentIds[random.Next(user.DocumentIds.Count)]}&limit=100"),
    ];

    private static readonly int s_total = s_mix.Sum(item => item.Weight);

    public static string Next(BenchUser user, Random random)
    {
        var at = random.Next(s_total);
        foreach (var (weight, query) in s_mix)
        {
            if ((at -= weight) < 0)
            {
                return $"api/v1/insights?{query(user, random)}";
            }
        }

        throw new InvalidOperationException("The weights do not add up.");
    }
}
