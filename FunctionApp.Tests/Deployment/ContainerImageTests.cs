using System.Text.RegularExpressions;
using System.Xml.Linq;
using Advisor.Kernel.Http;
using Advisor.Tests.Contract;
using Advisor.Tests.Deployment.Bicep;
using Microsoft.Azure.Functions.Worker;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Deployment;

/// <summary>The image cannot be built on every machine that runs the tests; what it is made of can be looked at.</summary>
public sealed partial class ContainerImageTests
{
    private static readonly string[] s_ignored = RepositoryFile.Read(".dockerignore").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static IReadOnlyList<(string Name, string Arguments)> Instructions { get; } =
    [
        .. Continued().Replace(RepositoryFile.Read("Dockerfile"), " ").Split('\n').Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' ', 2)).Select(parts => (parts[0], Spaces().Replace(parts[1], " ").Trim())),
    ];

    private static IReadOnlyList<string> Copied { get; } =
        [.. Of("COPY").Where(arguments => !arguments.StartsWith("--from", StringComparison.Ordinal)).SelectMany(arguments => arguments.Split(' ').SkipLast(1))];

    [Fact]
    public void Copy_Always_NamesWhatIsThereAndNotIgnored()
    {
        Copied.Count.ShouldBeGreaterThan(8);
        foreach (var path in Copied)
        {
            (File.Exists(RepositoryFile.PathOf(path)) || Directory.Exists(RepositoryFile.PathOf(path))).ShouldBeTrue(path);
            s_ignored.Where(line => line[0] == '!').Any(line => path == line[1..] || path.StartsWith(line[1..] + "/", StringComparison.Ordinal)).ShouldBeTrue($".dockerignore leaves {path} out");
        }
    }

    /// <summary>What the projects take from outside their own folders must be there before they are built.</summary>
    [Theory]
    [InlineData("FunctionApp/FunctionApp.csproj")]
    [InlineData("AzureContracts/AzureContracts.csproj")]
    public void Copy_Always_BringsWhatTheProjectIncludes(string project)
    {
        var included = XDocument.Load(RepositoryFile.PathOf(project)).Descendants().Attributes("Include").Select(attribute => attribute.Value)
            .Where(path => path.StartsWith("../", StringComparison.Ordinal)).Select(path => path[3..]);
        included.Where(path => !Copied.Any(copied => path == copied || path.StartsWith(copied + "/", StringComparison.Ordinal))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("global.json")]
    [InlineData("Directory.Build.props")]
    [InlineData("Directory.Packages.props")]
    [InlineData(".editorconfig")]
    [InlineData("host.json")]
    public void Copy_Always_BringsWhatTheBuildReadsByItself(string path) => Copied.ShouldContain(path);

    [Fact]
    public void Publish_Always_IsOfTheProductWithTheRealPackagesAndTheStorageOfRuns()
    {
        Of("RUN").ShouldContain("dotnet restore FunctionApp -p:AzurePackages=all+Redis+DurableTaskScheduler");
        Of("RUN").ShouldContain("dotnet publish FunctionApp -c Release -p:AzurePackages=all+Redis+DurableTaskScheduler -o /app");
        Of("COPY").ShouldContain("--from=build /app /home/site/wwwroot");
    }

    [Fact]
    public void Base_Always_IsTheFunctionsHostOfTheFrameworkThatIsBuilt()
    {
        var framework = XDocument.Load(RepositoryFile.PathOf("Directory.Build.props")).Descendants("TargetFramework").Single().Value;
        framework.ShouldBe("net10.0");
        Of("FROM").ShouldBe(["mcr.microsoft.com/dotnet/sdk:10.0 AS build", "mcr.microsoft.com/azure-functions/dotnet-isolated:4-dotnet-isolated10.0"]);
    }

    /// <summary>The programs that <c>GET /health/dependencies</c> looks for.</summary>
    [Theory]
    [InlineData("poppler-utils")]
    [InlineData("tesseract-ocr")]
    public void Programs_ThatReadPages_AreInstalled(string package) => Of("RUN").Last().ShouldContain($" {package} ");

    /// <summary>Working hours are in the zone that a policy names.</summary>
    [Fact]
    public void TimeZones_OfPolicies_AreInstalled() => Of("RUN").Last().ShouldContain(" tzdata ");

    [Fact]
    public void User_Always_IsNotRoot()
    {
        var user = Of("USER").ShouldHaveSingleItem();
        user.ShouldBe("10001");
        Instructions.SkipWhile(instruction => instruction.Name != "USER").Skip(1).ShouldAllBe(instruction => instruction.Name == "HEALTHCHECK");
        Of("RUN").Last().ShouldContain("useradd --uid 10001 ");
    }

    [Fact]
    public void Port_Always_IsOneForHostProbeAndIngress()
    {
        Of("EXPOSE").ShouldBe(["8080"]);
        Of("ENV").ShouldHaveSingleItem().ShouldContain("ASPNETCORE_URLS=http://+:8080");
        Of("HEALTHCHECK").ShouldHaveSingleItem().ShouldContain("/dev/tcp/127.0.0.1/8080");
        Infra.Module("app").Variables["port"].Text.ShouldBe("8080");
    }

    [Fact]
    public void Probes_Always_AskARouteThatAsksNobody()
    {
        var function = typeof(HealthTriggers).GetMethod(nameof(HealthTriggers.Get))!;
        var route = function.GetParameters().Select(parameter => (HttpTriggerAttribute?)Attribute.GetCustomAttribute(parameter, typeof(HttpTriggerAttribute))).OfType<HttpTriggerAttribute>().Single().Route;
        Of("HEALTHCHECK").Single().ShouldContain($"GET /{route} ");
        var paths = Infra.Module("app").AllNodes.Where(node => node["path"] is not null && node["port"]?.Text == "port").Select(node => node["path"]!.Text).ToList();
        paths.ShouldBe([$"/{route}", $"/{route}", $"/{route}"]);
    }

    [Fact]
    public void Ignored_Always_IsEverythingThatIsNotNamed()
    {
        s_ignored.First(line => line[0] != '#').ShouldBe("*");
        s_ignored.ShouldContain("**/local.settings.json");
        s_ignored.ShouldContain("**/bin");
        s_ignored.ShouldContain("**/obj");
    }

    [Fact]
    public void Dockerfile_Always_HoldsNoSecret()
    {
        Instructions.ShouldAllBe(instruction => instruction.Name != "ARG");
        Secret().IsMatch(RepositoryFile.Read("Dockerfile")).ShouldBeFalse();
    }

    /// <summary>The collector beside the app listens where the app sends to, and on nothing that another machine reaches but its own probe.</summary>
    [Fact]
    public void Collector_Always_ListensWhereTheAppSends()
    {
        var collector = YamlJson.Parse(RepositoryFile.Read("infra/collector.yaml"));
        var endpoint = collector.GetProperty("receivers").GetProperty("otlp").GetProperty("protocols").GetProperty("http").GetProperty("endpoint").GetString();
        $"http://{endpoint}".ShouldBe(SharedNamesTests.AppSettings()["Telemetry__OtlpEndpoint"].Text);
        var pipelines = collector.GetProperty("service").GetProperty("pipelines").EnumerateObject().ToList();
        pipelines.Select(pipeline => pipeline.Name).Order().ShouldBe(["logs", "metrics", "traces"]);
        pipelines.ShouldAllBe(pipeline => pipeline.Value.GetProperty("exporters")[0].GetString() == "azuremonitor");
    }

    private static IEnumerable<string> Of(string name) => Instructions.Where(instruction => instruction.Name == name).Select(instruction => instruction.Arguments);

    [GeneratedRegex(@"\\\n\s*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Continued();

    [GeneratedRegex(" +", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();

    [GeneratedRegex("(?i)password|secret=|token=|apikey|accountkey|connectionstring", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Secret();
}
