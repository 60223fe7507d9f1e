using System.Text;
using System.Text.RegularExpressions;

namespace Advisor.Tests.Contract;

/// <summary>A page of Markdown whose commands can be run: each <c>bash</c> block, with the output that the block after it shows.</summary>
internal static partial class Tutorial
{
    /// <param name="Shown">What the page says comes out; null when it shows nothing.</param>
    public sealed record Step(string Commands, string? Shown);

    /// <summary>The steps in order. Blocks of other languages than <c>bash</c> that follow no step are not run.</summary>
    public static IReadOnlyList<Step> StepsOf(string markdown) =>
        [.. Blocks().Matches(markdown).Select(block => new Step(block.Groups["commands"].Value, block.Groups["shown"].Success ? block.Groups["shown"].Value : null))];

    /// <summary>One script of all steps, in which a variable of one is known to the next; each ends by saying <paramref name="mark"/> on a line.</summary>
    public static string ScriptOf(IReadOnlyList<Step> steps, string mark)
    {
        var script = new StringBuilder("set -euo pipefail\n");
        foreach (var step in steps)
        {
            script.Append(step.Commands).Append("echo ").Append(mark).Append('\n');
        }

        return script.ToString();
    }

    /// <summary>Whether an output is as shown: <c>…</c> stands for any text, and one id, fact, time or token is as good as another.</summary>
    public static bool IsAsShown(string shown, string output)
    {
        var pattern = string.Join(".*?", Normalised(shown).Split('…').Select(Regex.Escape));
        return Regex.IsMatch(Normalised(output), $"^{pattern}$", RegexOptions.Singleline, TimeSpan.FromSeconds(5));
    }

    private static string Normalised(string text) => Varying().Replace(text.TrimEnd(), match => $"<{match.Groups.Values.First(group => group.Success && group.Name != "0").Name}>");

    [GeneratedRegex(@"^```bash\n(?<commands>.*?)^```\n(```(json|text)\n(?<shown>.*?)^```\n)?", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"(?<id>\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b)|(?<fact>\b[fp][0-9a-f]{16}\b)|(?<time>\b\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00))|(?<token>\badv_[\w-]+)|(?<hash>\b([0-9a-f]{64}|[0-9a-f]{32})\b)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Varying();
}
