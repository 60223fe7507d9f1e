using System.Text.Json;
using System.Text.RegularExpressions;
using Advisor.Tests.Documents.EndToEnd;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Deployment;

/// <summary>The settings in the code, in local.settings.sample.json and in docs/configuration.md are the same.</summary>
public sealed partial class SettingsTests
{
    private const string Configuration = "docs/configuration.md";

    [Fact]
    public void OptionsClasses_Always_NameTheirSection() => SettingsCatalog.WithoutSection().ShouldBeEmpty();

    /// <summary>Guards the other tests: what finds no settings finds no faults.</summary>
    [Theory]
    [InlineData("Cache:Lifetime", "00:15:00")]
    [InlineData("Insights:MediumBand", "0.60")]
    [InlineData("Identity:TrustPrincipalHeader", "false")]
    [InlineData("Notifications:Smtp:Port", "587")]
    [InlineData("Notifications:Channels", null)]
    [InlineData("Notifications:PublicUrl", null)]
    [InlineData("LanguageModels:Prices:0:Input", null)]
    public void Catalog_KnownSetting_IsThere(string name, string? value) => SettingsCatalog.All.ShouldContain(new Setting(name, value));

    [Fact]
    public void Documentation_EverySetting_HasARow()
    {
        var documented = Documented();
        SettingsCatalog.All.Where(setting => !IsDocumented(setting.Name, documented)).Select(setting => $"{setting.Name} (default {setting.Default ?? "none"})")
            .ShouldBeEmpty($"{Configuration} has no row for them.");
    }

    [Fact]
    public void Documentation_EveryRow_IsASetting()
    {
        var known = SettingsCatalog.All.Select(setting => Key(setting.Name)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Documented().Where(name => !name.EndsWith('…') && SettingsCatalog.Roots.Contains(name.Split(':')[0]) && !known.Contains(Key(name))).ShouldBeEmpty();
    }

    [Fact]
    public void Documentation_Defaults_AreThoseOfTheCode()
    {
        var defaults = SettingsCatalog.All.Where(setting => setting.Default is not null).ToDictionary(setting => setting.Name, setting => setting.Default!, StringComparer.OrdinalIgnoreCase);
        var rows = Rows().Where(row => row.Count == 3).Select(row => (Names: NamesIn(row[0]), Default: row[1]))
            .Where(row => row.Names is [var name] && defaults.ContainsKey(name)).ToList();
        rows.Count.ShouldBeGreaterThan(20);
        rows.Where(row => row.Default != defaults[row.Names[0]]).Select(row => $"{row.Names[0]} = {row.Default}, in the code {defaults[row.Names[0]]}").ShouldBeEmpty();
    }

    [Fact]
    public void Sample_EverySettingWithADefault_IsThereWithIt()
    {
        var sample = Sample();
        SettingsCatalog.All.Where(setting => setting.Default is not null && !setting.Name.Contains('{') && !IsAddressed(setting.Name))
            .Where(setting => !sample.TryGetValue(setting.Name.Replace(":", "__"), out var value) || value != setting.Default)
            .Select(setting => $"\"{setting.Name.Replace(":", "__")}\": \"{setting.Default}\"")
            .ShouldBeEmpty("local.settings.sample.json lacks them, or has another value.");
    }

    [Fact]
    public void Sample_EveryKey_IsDocumented()
    {
        var documented = Documented();
        Sample().Keys.Where(key => !IsDocumented(key.Replace("__", ":"), documented) && !documented.Contains(key)).ShouldBeEmpty();
    }

    /// <summary>It is copied to a file that git ignores and filled there; what it holds itself is public.</summary>
    [Fact]
    public void Sample_Always_HasNoSecret() =>
        Sample().Where(pair => Secret().IsMatch(pair.Key) || Secret().IsMatch(pair.Value)).ShouldBeEmpty();

    [Fact]
    public async Task Start_WithTheSettingsOfTheSample_Works()
    {
        var settings = Sample().Where(pair => SettingsCatalog.Roots.Contains(pair.Key.Split("__")[0])).Select(pair => (pair.Key.Replace("__", ":"), pair.Value));
        await using var advisor = await RunningAdvisor.StartAsync([.. settings]);
    }

    /// <summary>Settings of a cloud service mean nothing without its address, which no sample can know.</summary>
    private static bool IsAddressed(string name)
    {
        var section = name[..(name.LastIndexOf(':') + 1)];
        return SettingsCatalog.All.Any(other => other.Default is null && other.Name.StartsWith(section, StringComparison.Ordinal)
            && (other.Name.EndsWith("Uri", StringComparison.Ordinal) || other.Name.EndsWith("Endpoint", StringComparison.Ordinal) || other.Name.EndsWith("BaseUrl", StringComparison.Ordinal)
                || other.Name.EndsWith("Namespace", StringComparison.Ordinal) || other.Name.EndsWith("HostName", StringComparison.Ordinal))
            && !other.Name.StartsWith("Telemetry:", StringComparison.Ordinal));
    }

    private static Dictionary<string, string> Sample()
    {
        using var file = JsonDocument.Parse(RepositoryFile.Read("local.settings.sample.json"));
        return file.RootElement.GetProperty("Values").EnumerateObject().ToDictionary(value => value.Name, value => value.Value.GetString()!);
    }

    /// <summary>A row of its own, or a row for the section whose document speaks of the setting.</summary>
    private static bool IsDocumented(string name, IReadOnlySet<string> documented)
    {
        var key = Key(name);
        return documented.Any(row => string.Equals(Key(row), key, StringComparison.OrdinalIgnoreCase))
            || documented.Any(row => row.EndsWith('…') && IsBelow(key, row.TrimEnd('…')) && HasRow(Linked(row), name));
    }

    /// <summary>A row of a table there names the setting, with or without its section.</summary>
    private static bool HasRow(string document, string name) => document.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .SelectMany(line => NamesIn(line.Split('|')[1])).Any(found => found == name || found == name[(name.LastIndexOf(':') + 1)..]);

    private static bool IsBelow(string key, string section) =>
        Placeholder().Replace(key, "*").StartsWith(Placeholder().Replace(section, "*"), StringComparison.OrdinalIgnoreCase);

    /// <summary>The document that the row of a whole section links to.</summary>
    private static string Linked(string name) => Rows().Where(row => NamesIn(row[0]).Contains(name)).Select(row => Link().Match(string.Concat(row)))
        .Where(link => link.Success).Select(link => RepositoryFile.Read($"docs/{link.Groups["file"].Value}")).FirstOrDefault("");

    private static HashSet<string> Documented() => [.. Rows().SelectMany(row => NamesIn(row[0]))];

    private static IEnumerable<IReadOnlyList<string>> Rows() =>
    [
        .. RepositoryFile.Table(Configuration, "# Configuration"), .. RepositoryFile.Table(Configuration, "## Settings of the platform"),
        .. RepositoryFile.Table(Configuration, "## Services on Azure"),
    ];

    /// <summary>The names of a row's first cell. <c>:Port</c> behind another name is its neighbour, and a number is any item of a list.</summary>
    private static IReadOnlyList<string> NamesIn(string cell)
    {
        var names = new List<string>();
        foreach (var name in Code().Matches(cell).Select(match => match.Groups["name"].Value))
        {
            names.Add(name.StartsWith(':') && names.Count > 0 && names[^1].Contains(':') ? names[^1][..names[^1].LastIndexOf(':')] + name : name);
        }

        return [.. names.Select(name => ItemNumber().Replace(name, "")).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The same for every way of writing a name.</summary>
    private static string Key(string name) => ItemNumber().Replace(Placeholder().Replace(name.Replace("__", ":"), "*"), "");

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();

    [GeneratedRegex(@":\d+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ItemNumber();

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\]\((?<file>[\w-]+\.md)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();

    [GeneratedRegex("(?i)password|secret|apikey|accountkey|sharedaccess|sig=", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Secret();
}
