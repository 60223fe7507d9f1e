using System.Text.RegularExpressions;
using Advisor.Tests.Deployment.Bicep;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Deployment;

/// <summary>No keys, no more rights than needed, and somebody who is told.</summary>
public sealed partial class CloudSecurityTests
{
    /// <summary>Built-in roles, by their id. Checked against the public list of built-in roles.</summary>
    private static readonly Dictionary<string, string> s_roles = new(StringComparer.Ordinal)
    {
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Storage Blob Data Owner",
        ["db58b8e5-c6ad-4a2a-8342-4190687cbf4a"] = "Storage Blob Delegator",
        ["974c5e8b-45b9-4653-ba55-5f855dd0fb88"] = "Storage Queue Data Contributor",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
        ["69a216fc-b8fb-44d8-bc22-1f3c2cd27a39"] = "Azure Service Bus Data Sender",
        ["4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0"] = "Azure Service Bus Data Receiver",
        ["090c5cfd-751d-490a-894a-3ce6f1109419"] = "Azure Service Bus Data Owner",
        ["a97b65f3-24c7-4388-baec-2e87135dc908"] = "Cognitive Services User",
        ["5e0bd9bd-7b93-4f28-af87-19fc36ad61bd"] = "Cognitive Services OpenAI User",
        ["4633458b-17de-408a-b874-0445c86b69e6"] = "Key Vault Secrets User",
        ["0ad04412-c4d5-4796-b79c-f76d14c8d402"] = "Durable Task Data Contributor",
        ["7f951dda-4ed3-4680-a7ca-43fe172d538d"] = "AcrPull",
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Monitoring Metrics Publisher",
        ["00000000-0000-0000-0000-000000000002"] = "Cosmos DB Built-in Data Contributor",
    };

    [Fact]
    public void Roles_Always_AreKnownDataRolesNamedInAComment()
    {
        var found = Infra.Paths.SelectMany(path => RoleId().Matches(RepositoryFile.Read(path)).Select(match => (path, Comment: match.Groups["comment"].Value, Id: match.Groups["id"].Value))).ToList();
        found.Count.ShouldBeGreaterThan(10);
        found.Where(role => !role.Comment.StartsWith(s_roles.GetValueOrDefault(role.Id, "?"), StringComparison.Ordinal)).Select(role => $"{role.path}: {role.Id} {role.Comment}").ShouldBeEmpty();
        Infra.Paths.Sum(path => Guid().Count(RepositoryFile.Read(path))).ShouldBe(found.Count, "an id stands where no comment names it");
    }

    /// <summary>A role's scope is the resource that the role is for, never the whole group or subscription.</summary>
    [Fact]
    public void Roles_Always_HoldForOneResource()
    {
        var assignments = Infra.Files.SelectMany(file => file.Resources).Where(resource => resource.Type.Contains("oleAssignments", StringComparison.Ordinal)).ToList();
        assignments.Count.ShouldBeGreaterThan(10);
        assignments.Where(assignment => assignment.Body.All().All(node => node["scope"] is null)).Select(assignment => assignment.Symbol).ShouldBeEmpty();
    }

    /// <summary>Managing queues is the scaler's alone, and the code cannot sign in as the scaler.</summary>
    [Fact]
    public void Scaler_WhoCanManageQueues_IsNotTheApp()
    {
        var owner = Infra.Module("messaging").Resources.Where(resource => resource.Body.Free().Any(name => name.Text == "owner")).ShouldHaveSingleItem();
        owner.Body.Free().Select(name => name.Text).ShouldContain("scalerPrincipalId");
        owner.Body.Free().Select(name => name.Text).ShouldNotContain("appPrincipalId");
        var identity = Infra.Module("app").AllNodes.Single(node => node["lifecycle"] is not null);
        identity["identity"]!.Text.ShouldBe("scalerIdentityId");
        identity["lifecycle"]!.Text.ShouldBe("None");
    }

    /// <summary>Signing addresses is a right of its own, which nobody has where originals go through the app.</summary>
    [Fact]
    public void Delegator_WhoMaySignAddresses_IsTheAppWhereATierRedirects()
    {
        var delegator = Infra.Module("storage").Resources.Where(resource => resource.Body.Free().Any(name => name.Text == "blobDelegator")).ShouldHaveSingleItem();
        RepositoryFile.Read("infra/modules/storage.bicep").ShouldContain($"resource {delegator.Symbol} '{delegator.Type}' = if (downloads == 'Redirect') {{");
        SharedNamesTests.AppSettings()["Blobs__Downloads"].Text.ShouldBe("downloads");
        foreach (var tier in new[] { "dev", "test", "prod" })
        {
            var size = Infra.Tier(tier);
            var way = Enum.Parse<Advisor.Azure.BlobDownloadWay>(size.GetProperty("storage").GetProperty("downloads").GetString()!);
            (way == Advisor.Azure.BlobDownloadWay.Redirect && size.GetProperty("privateNetwork").GetBoolean()).ShouldBeFalse($"{tier}: callers do not reach the account");
        }
    }

    [Theory]
    [InlineData("storage", "allowSharedKeyAccess", "false")]
    [InlineData("storage", "allowBlobPublicAccess", "false")]
    [InlineData("storage", "supportsHttpsTrafficOnly", "true")]
    [InlineData("cosmos", "disableLocalAuth", "true")]
    [InlineData("messaging", "disableLocalAuth", "true")]
    [InlineData("intelligence", "disableLocalAuth", "true")]
    [InlineData("vault", "enableRbacAuthorization", "true")]
    [InlineData("redis", "accessKeysAuthentication", "Disabled")]
    [InlineData("registry", "adminUserEnabled", "false")]
    [InlineData("registry", "anonymousPullEnabled", "false")]
    [InlineData("app", "allowInsecure", "false")]
    [InlineData("app", "requireHttps", "true")]
    public void Services_Always_TakeNoKeysAndNoPlainHttp(string module, string property, string value)
    {
        var found = Infra.Module(module).AllNodes.Select(node => node[property]).OfType<BicepNode>().ToList();
        found.ShouldNotBeEmpty();
        found.ShouldAllBe(node => node.Text == value);
    }

    [Fact]
    public void Files_Always_AskForNoKeysAndHoldNoSecrets() =>
        Infra.Paths.Concat(["infra/main.parameters.json", "infra/names.json", "infra/collector.yaml", "azure.yaml"])
            .Where(path => Key().IsMatch(RepositoryFile.Read(path))).ShouldBeEmpty();

    /// <summary>Whoever trusts the platform's header must have the platform sign callers in.</summary>
    [Fact]
    public void SignIn_WhereThePrincipalHeaderIsTrusted_IsOnAndForOneAudience()
    {
        SharedNamesTests.AppSettings()["Identity__TrustPrincipalHeader"].Text.ShouldBe("true");
        var signIn = Infra.Module("app").Resources.Single(resource => resource.Type.StartsWith("Microsoft.App/containerApps/authConfigs@", StringComparison.Ordinal));
        signIn.Body["name"]!.Text.ShouldBe("current");
        var properties = signIn.Body["properties"]!;
        properties["platform"]!["enabled"]!.Text.ShouldBe("true");
        var directory = properties["identityProviders"]!["azureActiveDirectory"]!;
        directory["registration"]!["clientId"]!.Text.ShouldBe("signInClientId");
        directory["validation"]!["allowedAudiences"]!.Children.Count.ShouldBe(2);
    }

    /// <summary>In production nothing but the app and the registry is reached from outside.</summary>
    [Fact]
    public void PrivateNetwork_OfProduction_HasAnEndpointForEveryServiceThatItCloses()
    {
        Infra.Tier("prod").GetProperty("privateNetwork").GetBoolean().ShouldBeTrue();
        Infra.Tier("prod").GetProperty("serviceBus").GetProperty("sku").GetString().ShouldBe("Premium", "no other has private endpoints");
        var main = BicepFile.Read(Infra.Main);
        var closed = main.Modules.Where(module => module.Object["params"]!["publicAccess"] is not null).Select(module => module.Symbol).ToList();
        var reached = main.Modules.Single(module => module.Symbol == "endpoints").Object["params"]!["targets"]!.Free().Select(name => name.Text).ToHashSet(StringComparer.Ordinal);
        closed.Count.ShouldBeGreaterThan(5);
        closed.Where(module => !reached.Contains(module)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("storage")]
    [InlineData("cosmos")]
    [InlineData("messaging")]
    [InlineData("intelligence")]
    [InlineData("vault")]
    [InlineData("registry")]
    [InlineData("redis")]
    [InlineData("app")]
    public void Diagnostics_OfEveryService_GoToTheWorkspace(string module) => Infra.Module(module).Resources
        .Where(resource => resource.Type.StartsWith("Microsoft.Insights/diagnosticSettings@", StringComparison.Ordinal)).ShouldNotBeEmpty();

    /// <summary>The categories of Azure OpenAI that hold what was asked and answered would put document text into the log.</summary>
    [Fact]
    public void Diagnostics_OfTheModel_LeaveOutWhatWasSaid() =>
        Infra.Module("intelligence").AllNodes.Select(node => node["category"]?.Text).OfType<string>().Distinct().Order().ShouldBe(["AllMetrics", "Audit"]);

    [Theory]
    [InlineData("errors", "threshold", "5")]
    [InlineData("errors", "window", "PT5M")]
    [InlineData("latency", "threshold", "2000")]
    [InlineData("queue-depth", "threshold", "100")]
    [InlineData("dead-letters", "threshold", "0")]
    public void Alerts_OfTheRequirements_HaveTheirThreshold(string name, string property, string value) => Alert(name)[property]!.Text.ShouldBe(value);

    [Fact]
    public void Alert_OfTheMeanConfidence_IsBelowSeventyPercent()
    {
        Alert("confidence")["threshold"]!.Children[0].Text.ShouldBe("0.70");
        Alert("confidence")["operator"]!.Text.ShouldBe("LessThan");
        Alert("confidence")["query"]!.Text.ShouldContain("\"confidence_score\"");
    }

    /// <summary>The name under which the product's own telemetry arrives.</summary>
    [Fact]
    public void Alerts_AskForTheProductsOwnServiceName() => Infra.Module("alerts").Variables["requests"].Text.ShouldContain("cloud_RoleName == \"advisor\"");

    private static BicepNode Alert(string name) => Infra.Module("alerts").AllNodes.Single(node => node.Kind == BicepKind.Object && node["name"]?.Text == name && node["threshold"]?.Kind != BicepKind.Member);

    [GeneratedRegex(@"// (?<comment>[^\n]+)\nvar \w+ = '(?<id>[0-9a-f]{8}-[0-9a-f-]{27})'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RoleId();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Guid();

    [GeneratedRegex("(?i)listKeys|listConnectionStrings|listCredentials|AccountKey=|SharedAccessKey|primaryKey|password|BEGIN [A-Z ]*PRIVATE", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Key();
}
