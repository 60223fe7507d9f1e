using Advisor.Embedded;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Deployment;

/// <summary>Who reads which key of host.json, as docs/configuration.md says it.</summary>
public sealed class HostJsonTests
{
    private const string Logging = "logging:";

    [Fact]
    public void Documentation_OfHostJson_HasEveryKeyWithItsValue() =>
        Rows().Select(row => $"{row.Key} = {row.Value}").Order(StringComparer.Ordinal)
            .ShouldBe(Keys().Select(pair => $"{pair.Key} = {(pair.Value!.Length == 0 ? "(empty)" : pair.Value)}").Order(StringComparer.Ordinal));

    [Fact]
    public void EmbeddedHost_ReadingItsSettings_ReadsWhatTheDocumentationSays()
    {
        var asked = new List<string>();
        var settings = new HostSettings(new RecordingConfiguration(HostJson(), asked));
        foreach (var property in typeof(HostSettings).GetProperties())
        {
            property.GetValue(settings);
        }

        settings.Durable(TimeSpan.Zero, CancellationToken.None);
        var read = asked.Select(key => key[(HostSettings.Section.Length + 1)..]).Distinct().Order(StringComparer.Ordinal);
        read.ShouldBe(Rows().Where(row => row.Embedded.StartsWith("read", StringComparison.Ordinal) && !row.Key.StartsWith(Logging, StringComparison.Ordinal))
            .Select(row => row.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void EmbeddedHost_KeysNotRead_HaveAReason() =>
        Rows().Where(row => row.Embedded != "read" && !row.Embedded.StartsWith("read; ", StringComparison.Ordinal))
            .ShouldAllBe(row => row.Embedded.StartsWith("not read: ", StringComparison.Ordinal));

    [Fact]
    public void EmbeddedHost_LogLevelsOfHostJson_HoldForItsLog()
    {
        Rows().Where(row => row.Key.StartsWith(Logging, StringComparison.Ordinal)).ShouldAllBe(row => row.Embedded.StartsWith("read", StringComparison.Ordinal));
        using var temporary = new Embedded.Storage.TemporaryFolder();
        using var services = new ServiceCollection()
            .AddLogging(logging => HostLogging.Add(logging, HostJson(), new AdvisorHostOptions { DataFolder = temporary.Path }))
            .BuildServiceProvider();
        var loggers = services.GetRequiredService<ILoggerFactory>();
        foreach (var row in Rows().Where(row => row.Key.StartsWith("logging:logLevel:", StringComparison.Ordinal)))
        {
            var category = row.Key["logging:logLevel:".Length..];
            var logger = loggers.CreateLogger(category == "default" ? "Advisor.Anything" : category);
            var level = Enum.Parse<LogLevel>(row.Value);
            logger.IsEnabled(level).ShouldBeTrue(category);
            logger.IsEnabled(level - 1).ShouldBeFalse(category);
        }
    }

    /// <summary>Above the patience of background work, a message would be delivered again while its first delivery still waits.</summary>
    [Fact]
    public void LockRenewal_AndPatience_LeaveRoom()
    {
        var renewal = TimeSpan.Parse(HostJson()[$"{HostSettings.Section}:extensions:serviceBus:maxAutoLockRenewalDuration"]!);
        renewal.ShouldBeGreaterThan(new Advisor.Kernel.Resilience.ResilienceOptions().Patience);
        TimeSpan.Parse(HostJson()[$"{HostSettings.Section}:functionTimeout"]!).ShouldBeGreaterThanOrEqualTo(renewal);
    }

    private static IConfigurationRoot HostJson()
    {
        var builder = new ConfigurationBuilder();
        HostSettings.AddHostJson(builder, RepositoryFile.PathOf("host.json"));
        return builder.Build();
    }

    private static IEnumerable<KeyValuePair<string, string?>> Keys() => new ConfigurationBuilder().AddJsonFile(RepositoryFile.PathOf("host.json")).Build()
        .AsEnumerable().Where(pair => pair.Value is not null);

    /// <summary>The table's rows. A category of the log has dots of its own, so only those before it part sections.</summary>
    private static IReadOnlyList<(string Key, string Value, string Embedded)> Rows() =>
    [
        .. RepositoryFile.Table("docs/configuration.md", "## host.json").Select(row =>
        {
            var key = row[0].Trim('`');
            var parts = key.StartsWith("logging.logLevel.", StringComparison.Ordinal) ? key.Split('.', 3) : key.Split('.');
            return (string.Join(':', parts), row[1], row[3]);
        }),
    ];

    /// <summary>Notes every key that is asked for by its whole name.</summary>
    private sealed class RecordingConfiguration(IConfiguration inner, List<string> asked) : IConfiguration
    {
        public string? this[string key]
        {
            get
            {
                asked.Add(key);
                return inner[key];
            }
            set => inner[key] = value;
        }

        public IEnumerable<IConfigurationSection> GetChildren() => inner.GetChildren();

        public IChangeToken GetReloadToken() => inner.GetReloadToken();

        public IConfigurationSection GetSection(string key) => inner.GetSection(key);
    }
}
