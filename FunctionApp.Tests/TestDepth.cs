using System.Globalization;

namespace Advisor.Tests;

/// <summary>How much of the long suites runs: all, or a sample that another seed would choose differently.</summary>
public static class TestDepth
{
    /// <summary>Environment variable: <c>all</c> (the default) or <c>sample</c>.</summary>
    public const string Variable = "ADVISOR_TEST_DEPTH";

    /// <summary>Environment variable that repeats a sample.</summary>
    public const string SeedVariable = "ADVISOR_TEST_SEED";

    public static bool IsSample => Environment.GetEnvironmentVariable(Variable) == "sample";

    /// <summary>The same for all tests of a run.</summary>
    public static int Seed { get; } =
        int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next(1, 100_000);

    /// <summary>All items, or so many of them drawn by the seed.</summary>
    public static IReadOnlyList<T> Draw<T>(IReadOnlyList<T> all, int sample)
    {
        if (!IsSample || all.Count <= sample)
        {
            return all;
        }

        T[] drawn = [.. all];
        new Random(Seed).Shuffle(drawn);
        return drawn[..sample];
    }
}
