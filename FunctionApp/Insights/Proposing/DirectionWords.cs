using System.Text.RegularExpressions;
using Advisor.Kernel.Reasoning.Claims.Meaning;

namespace Advisor.Insights.Proposing;

/// <summary>Sees that a model says the opposite of what it cites: then it did not mean it, and its claim is refused rather than put right.</summary>
internal static partial class DirectionWords
{
    /// <summary>Whether the words have one direction and the one change that is stated has the other.</summary>
    public static bool Contradict(string template, IReadOnlyList<Measure> statements)
    {
        if (statements.OfType<Measure.Change>().ToList() is not [var change])
        {
            return false;
        }

        var (up, down) = (Up().IsMatch(template), Down().IsMatch(template));
        // An outflow that is printed negative grows as it falls: either word may be meant.
        var did = Measures.IsOutflow(change.Later) ? 0 : change.Later.Value.CompareTo(change.Earlier.Value);
        return (up && !down && did < 0) || (down && !up && did > 0);
    }

    [GeneratedRegex(@"\b(rose|rise|rises|grew|grow|grows|growth|increased?|increases|climbed|gained|widened|expanded|improved|up)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Up();

    [GeneratedRegex(@"\b(fell|fall|falls|declined?|declines|decreased?|decreases|dropped|drop|shrank|lost|narrowed|contracted|deteriorated|down)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Down();
}
