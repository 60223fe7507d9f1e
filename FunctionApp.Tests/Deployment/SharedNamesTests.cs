using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Advisor.Azure;
using Advisor.Documents;
using Advisor.Embedded.ServiceBus;
using Advisor.Kernel.Records;
using Advisor.Tests.Deployment.Bicep;
using Microsoft.Azure.Functions.Worker;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Deployment;

/// <summary>Queues, containers, tables and limits are the same in the code, in host.json and in infra/.</summary>
public sealed partial class SharedNamesTests
{
    private static readonly Assembly s_product = typeof(Composition).Assembly;

    /// <summary>Read before there are options.</summary>
    private static string Vault => KeyVaultSecrets.Setting.Replace(":", "__");

    [Fact]
    public void Queues_InTheCloud_AreThoseThatFunctionsRead()
    {
        var read = s_product.GetTypes().SelectMany(type => type.GetMethods()).SelectMany(method => method.GetParameters())
            .Select(parameter => parameter.GetCustomAttribute<ServiceBusTriggerAttribute>()?.QueueName).OfType<string>().ToList();
        read.ShouldNotBeEmpty();
        Strings("queues").Order().ShouldBe(read.Order());
    }

    [Fact]
    public void RecordContainers_InTheCloud_AreThoseOfTheCode()
    {
        var named = s_product.GetTypes().Where(type => !type.ContainsGenericParameters)
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Where(field => IsContainer(field.FieldType)).Select(field => field.GetValue(null)))
            .Select(container => (string)container!.GetType().GetProperty("Name")!.GetValue(container)!).ToList();
        named.ShouldNotBeEmpty();

        // Some are read in two forms.
        named = [.. named.Distinct()];
        Records().Select(record => record.GetProperty("name").GetString()!).Order().ShouldBe(named.Order());
    }

    /// <summary>Where the product's own list of containers is, the deployment makes them as it says.</summary>
    [Fact]
    public void RecordContainers_InTheCloud_AreMadeAsTheAdapterAsks()
    {
        var asked = JsonSerializer.SerializeToElement(CosmosContainers.All, JsonSerializerOptions.Web).EnumerateArray();
        asked.Select(container => container.ToString()).Order().ShouldBe(Records().Select(record => JsonSerializer.Serialize(new
        {
            name = record.GetProperty("name").GetString(),
            orderedBy = record.GetProperty("orderedBy"),
            readById = record.GetProperty("readById").GetBoolean(),
            timeToLive = record.GetProperty("timeToLive"),
        })).Order());
    }

    /// <summary>Documents expire by their own time alone, are parted by tenant, and are indexed as the lists ask for them.</summary>
    [Fact]
    public void RecordContainers_InTheCloud_HaveTheKeyAndTheIndexesOfTheirLists()
    {
        var cosmos = Infra.Module("cosmos");
        var resource = cosmos.AllNodes.Single(node => node["partitionKey"] is not null);
        resource["partitionKey"]!["paths"]!.Children.Select(path => path.Text).ShouldBe(["/tenant"]);
        resource["defaultTtl"]!.Children[0].Text.ShouldBe("1");
        var indexes = resource["indexingPolicy"]!;
        Paths(indexes["includedPaths"]!).ShouldBe(["/record_id/?", "/tenant/?", "/*"]);
        Paths(indexes["excludedPaths"]!).ShouldBe(["/*", "/exact_record/?", "/\"_etag\"/?"]);
        Paths(indexes["compositeIndexes"]!).ShouldBe(["/${}", "/record_id"]);

        static IEnumerable<string> Paths(BicepNode policy) => policy.All().Select(node => node["path"]?.Text).OfType<string>();
    }

    /// <summary>A database shares its request units among 25 containers at most (Azure Cosmos DB service quotas); the 26th is refused.</summary>
    [Fact]
    public void RecordContainers_InTheCloud_ShareNoMoreThanADatabaseShares()
    {
        Records().Count(record => !record.GetProperty("dedicated").GetBoolean()).ShouldBeLessThanOrEqualTo(25);
        Infra.Module("cosmos").AllNodes.Select(node => node["autoscaleSettings"]?["maxThroughput"]?.Text).OfType<string>().ShouldBe(["autoscaleMaxThroughput", "containerMaxThroughput"]);
        foreach (var tier in Infra.Tiers.Select(tier => Infra.Tier(tier).GetProperty("cosmos")))
        {
            // 1,000 is the least that a container of its own may have, and it goes in thousands.
            var (shared, each) = (tier.GetProperty("autoscaleMaxThroughput").GetInt32(), tier.GetProperty("containerMaxThroughput").GetInt32());
            (each % 1_000 == 0 && each > 0 == shared > 0).ShouldBeTrue();
        }
    }

    /// <summary>An answer that one replica keeps is not ended by what another writes.</summary>
    [Fact]
    public void Cache_OfSeveralReplicasWithoutASharedOne_IsOff()
    {
        var cache = Infra.Module("app").Variables["cacheSettings"];
        cache.All().Single(node => node["Cache__Lifetime"] is not null)["Cache__Lifetime"]!.Text.ShouldBe("00:00:00");
        cache.All().Select(node => node.Text).ShouldContain("maxReplicas");
    }

    /// <summary>A run goes from replica to replica, each with a client of its own: what one wrote the next must read.</summary>
    [Fact]
    public void Records_InTheCloud_AreReadAsTheyWereLastWritten() =>
        Infra.Module("cosmos").AllNodes.Select(node => node["defaultConsistencyLevel"]?.Text).OfType<string>().ShouldBe(["Strong"]);

    /// <summary>Seven years, from the requirements.</summary>
    [Fact]
    public void ReasoningChains_InTheCloud_ExpireAfterSevenYears() =>
        Records().Single(record => record.GetProperty("name").GetString() == "reasoning-chains").GetProperty("timeToLive").GetInt32().ShouldBe(220_838_400);

    [Fact]
    public void BlobContainers_InTheCloud_AreThoseOfTheCode()
    {
        var used = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(RepositoryFile.PathOf("FunctionApp"), "*.cs", SearchOption.AllDirectories).Where(path => !path.Contains("/obj/") && !path.Contains("/Azure/")))
        {
            var source = File.ReadAllText(path);
            foreach (Match call in BlobCall().Matches(source))
            {
                used.Add(ValueOf(call.Groups["container"].Value, source));
            }
        }

        used.Count.ShouldBeGreaterThanOrEqualTo(4);
        Strings("blobContainers").Order(StringComparer.Ordinal).ShouldBe(used);
    }

    [Fact]
    public void AuditTable_InTheCloud_IsThatOfTheRequirements() => Infra.Names.GetProperty("auditTable").GetString().ShouldBe("AuditLogs");

    /// <summary>What was tried on the embedded host then holds in the cloud.</summary>
    [Fact]
    public void Queues_InTheCloud_FollowTheRulesOfTheEmbeddedOnes()
    {
        var rules = new QueueOptions();
        var queue = Infra.Module("messaging").AllNodes.Single(node => node["lockDuration"] is not null);
        Duration(queue, "lockDuration").ShouldBe(rules.LockDuration);
        Duration(queue, "duplicateDetectionHistoryTimeWindow").ShouldBe(rules.DuplicateWindow);
        queue["maxDeliveryCount"]!.Text.ShouldBe($"{rules.MaxDeliveryCount}");
        queue["requiresDuplicateDetection"]!.Text.ShouldBe("true");
        queue["deadLetteringOnMessageExpiration"]!.Text.ShouldBe("true");
        Duration(queue, "defaultMessageTimeToLive").ShouldBeGreaterThan(TimeSpan.FromDays(7));
    }

    [Fact]
    public void Documents_InTheCloud_CoolDownAndLiveAsLongAsTheProductKeepsThem()
    {
        var storage = Infra.Module("storage");
        storage.Variables["coolDays"].Text.ShouldBe("90");
        storage.Variables["keepDays"].Text.ShouldBe($"{new DocumentsOptions().RetentionDays}");
        var rule = storage.AllNodes.Single(node => node["tierToCool"] is not null);
        rule["tierToCool"]!["daysAfterCreationGreaterThan"]!.Text.ShouldBe("coolDays");
        rule["delete"]!["daysAfterCreationGreaterThan"]!.Text.ShouldBe("keepDays");
        storage.AllNodes.Single(node => node["prefixMatch"] is not null)["prefixMatch"]!.Children.Select(prefix => prefix.Text.TrimEnd('/')).ShouldBeSubsetOf(Strings("blobContainers"));
    }

    /// <summary>infra/ reads these from host.json itself, so that they cannot differ.</summary>
    [Theory]
    [InlineData("taskHub", "hubName")]
    [InlineData("schedulerSetting", "connectionStringName")]
    [InlineData("callsPerQueue", "maxConcurrentCalls")]
    [InlineData("activitiesPerReplica", "maxConcurrentActivityFunctions")]
    [InlineData("orchestratorsPerReplica", "maxConcurrentOrchestratorFunctions")]
    public void HostJson_InTheCloud_IsReadByTheDeployment(string parameter, string key)
    {
        var value = BicepFile.Read(Infra.Main).Modules.Single(module => module.Symbol == "app").Object["params"]![parameter]!;
        value.Kind.ShouldBe(BicepKind.Member);
        value.Text.ShouldBe(key);
        value.All().Last().Text.ShouldBe("host");
    }

    [Fact]
    public void Settings_InTheCloud_AreDocumented()
    {
        var documented = RepositoryFile.Read("docs/configuration.md");
        var settings = AppSettings().Keys.Where(name => name.Length > 0 && name != "${}").ToList();
        settings.Count.ShouldBeGreaterThan(20);
        settings.Where(name => !documented.Contains($"`{name}`", StringComparison.Ordinal) && !documented.Contains($"`{name.Replace("__", ":")}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    /// <summary>A section whose options class is in this build has the setting; what the class does not know would be ignored in silence. Sections of the Functions host have more.</summary>
    [Fact]
    public void Settings_InTheCloud_AreThoseOfTheOptionsClasses()
    {
        var known = SettingsCatalog.All.Select(setting => setting.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        AppSettings().Keys.Where(name => !name.StartsWith("AzureWebJobs", StringComparison.Ordinal)).Select(name => name.Replace("__", ":")).Where(name => SettingsCatalog.Roots.Contains(name.Split(':')[0]) && !known.Contains(name)).ShouldBeEmpty();
    }

    /// <summary>No other section is set in the cloud than one that the product reads.</summary>
    [Fact]
    public void Settings_InTheCloud_AreRead()
    {
        AppSettings().Keys.ShouldContain(Vault);
        AppSettings().Keys.Where(name => name.Contains("__") && name != Vault && !name.StartsWith("Azure", StringComparison.Ordinal)).Select(name => name.Split("__")[0])
            .Where(section => !SettingsCatalog.Roots.Contains(section)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Identity__TrustPrincipalHeader", "true")]
    [InlineData("Http__TrustForwardedFor", "false")]
    [InlineData("AzureFunctionsWebHost__hostid", "advisor")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta")]
    [InlineData("AzureWebJobsDisableHomepage", "true")]
    [InlineData("FUNCTIONS_WORKER_RUNTIME", "dotnet-isolated")]
    [InlineData("Telemetry__OtlpEndpoint", "http://127.0.0.1:4318")]
    public void Settings_InTheCloud_HaveTheirValue(string name, string value) => AppSettings()[name].Text.ShouldBe(value);

    /// <summary>The settings of the app's container by name; the one whose name host.json gives is <c>${}</c>.</summary>
    internal static Dictionary<string, BicepNode> AppSettings()
    {
        var app = Infra.Module("app");
        return app.Variables["settings"].Children.Concat(app.Variables["cacheSettings"].All().Where(node => node.Kind == BicepKind.Property))
            .Concat([new BicepNode(BicepKind.Property, "APPLICATIONINSIGHTS_CONNECTION_STRING", [new BicepNode(BicepKind.Text, "", [], 0)], 0)])
            .ToDictionary(property => property.Text, property => property.Children[0], StringComparer.Ordinal);
    }

    private static IEnumerable<string> Strings(string name) => Infra.Names.GetProperty(name).EnumerateArray().Select(item => item.GetString()!);

    private static List<JsonElement> Records() => [.. Infra.Names.GetProperty("records").EnumerateArray()];

    private static bool IsContainer(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(RecordContainer<>);

    private static TimeSpan Duration(BicepNode queue, string property) => System.Xml.XmlConvert.ToTimeSpan(queue[property]!.Text);

    /// <summary>The value of a text, or of a constant: of the same file, or of the type that is named before it.</summary>
    private static string ValueOf(string name, string source)
    {
        if (name[0] == '"')
        {
            return name.Trim('"');
        }

        var parts = name.Split('.');
        if (parts is [var alone])
        {
            return source.Split($"const string {alone} = \"")[1].Split('"')[0];
        }

        var type = s_product.GetTypes().Single(type => type.Name == parts[0]);
        return (string)type.GetField(parts[1], BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!.GetRawConstantValue()!;
    }

    /// <summary>A call of the blob store whose container is a constant; those that only hand a container on have a parameter there.</summary>
    [GeneratedRegex(@"(blobs|IBlobStore>\([^)]*\))\.(Write|Read|OpenRead|Exists|Delete|List)Async\(\s*(?<container>[A-Z][\w.]*|""[^""]+"")\s*,", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BlobCall();
}
