using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Advisor.Documents.Reading.Pages;

/// <summary>Pages that one engine read.</summary>
/// <param name="Pages"><c>1-3,5</c>.</param>
internal sealed record EnginePages(string Engine, string Pages);

/// <summary>Names what read a page, with its version: <c>tesseract 5.3.0</c>.</summary>
internal static partial class ReadingEngine
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);

    /// <summary>A program that is replaced while the host runs is named by its old version until the host is started again.</summary>
    private static readonly ConcurrentDictionary<string, string> s_names = new(StringComparer.Ordinal);

    /// <summary>Which engine read which pages; those of which it is not known are left out.</summary>
    public static IReadOnlyList<EnginePages> PagesOf(IEnumerable<PageReading> pages) =>
        [.. ByEngine(pages).Select(group => new EnginePages(group.Key, string.Join(',', Grounding.Ranges(group.Select(page => page.Number)))))];

    /// <summary>How many pages each engine read, <c>poppler 22.12.0: 98, tesseract 5.3.0: 1</c>; null where none is known.</summary>
    public static string? CountsOf(IEnumerable<PageReading> pages) =>
        string.Join(", ", ByEngine(pages).Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key}: {group.Count()}"))) is { Length: > 0 } counts ? counts : null;

    /// <summary>The program that is installed here.</summary>
    /// <param name="name">What people call it.</param>
    /// <param name="versionArgument">Makes the program print its version, on either output.</param>
    /// <returns>The name alone where the program does not say its version.</returns>
    /// <exception cref="MissingToolException">It is not installed.</exception>
    public static async Task<string> OfAsync(string name, string program, string package, string versionArgument, CancellationToken cancellationToken)
    {
        if (s_names.TryGetValue(program, out var known))
        {
            return known;
        }

        var (output, _, error) = await ChildProcess.RunAsync(program, package, [versionArgument], s_timeout, reader => reader.ReadToEnd(), cancellationToken);
        var version = Version().Match(output + "\n" + error);
        return s_names[program] = version.Success ? $"{name} {version.Value}" : name;
    }

    private static IEnumerable<IGrouping<string, PageReading>> ByEngine(IEnumerable<PageReading> pages) =>
        pages.Where(page => page.Engine is not null).GroupBy(page => page.Engine!, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal);

    [GeneratedRegex(@"(?<= )v?[0-9]+(\.[0-9]+)+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Version();
}
