using System.Text.Json;
using System.Text.RegularExpressions;
using Advisor.Tests.Contract;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Deployment;

/// <summary>The pipelines, the dev container and azure.yaml name what is there.</summary>
public sealed partial class WorkflowTests
{
    public static TheoryData<string> Workflows() => [".github/workflows/ci.yml", ".github/workflows/deploy.yml"];

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Workflow_Always_AsksForFewRightsAndEnds(string path)
    {
        var workflow = YamlJson.Parse(RepositoryFile.Read(path));
        workflow.GetProperty("permissions").GetProperty("contents").GetString().ShouldBe("read");
        foreach (var job in workflow.GetProperty("jobs").EnumerateObject())
        {
            job.Value.GetProperty("timeout-minutes").GetInt32().ShouldBeInRange(1, 90, job.Name);
            job.Value.GetProperty("runs-on").GetString().ShouldBe("ubuntu-24.04", job.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Actions_Always_AreOfAMajorVersion(string path)
    {
        var actions = Steps(path).Where(step => step.TryGetProperty("uses", out _)).Select(step => step.GetProperty("uses").GetString()!).ToList();
        actions.ShouldNotBeEmpty();
        actions.ShouldAllBe(action => Action().IsMatch(action));
    }

    /// <summary>What somebody may write into a title or branch name is no part of a script.</summary>
    [Theory]
    [MemberData(nameof(Workflows))]
    public void Scripts_Always_TakeTheirValuesFromTheEnvironment(string path) =>
        Steps(path).Where(step => step.TryGetProperty("run", out _)).Select(step => step.GetProperty("run").GetString()!).ShouldAllBe(script => !script.Contains("${{"));

    [Fact]
    public void Ci_Always_BuildsBothWaysAndLooksForFaults()
    {
        var scripts = Steps(".github/workflows/ci.yml").Select(step => step.TryGetProperty("run", out var run) ? run.GetString()! : step.GetProperty("uses").GetString()!).ToList();
        scripts.ShouldContain("bash .ci/run");
        scripts.ShouldContain("dotnet build FunctionApp.Tests -c Release -p:AzurePackages=all+Redis+DurableTaskScheduler");
        scripts.ShouldContain("dotnet publish FunctionApp -c Release -o artifact");
        scripts.ShouldContain(script => script.StartsWith("github/codeql-action/analyze@"));
        scripts.ShouldContain(script => script.StartsWith("actions/dependency-review-action@"));
        scripts.ShouldContain(script => script.StartsWith("az bicep build --file infra/main.bicep"));
        scripts.ShouldContain(script => script.Contains("*ContractsComparisonTests", StringComparison.Ordinal));
        File.Exists(RepositoryFile.PathOf(".ci/run")).ShouldBeTrue();
    }

    /// <summary>A suite that was renamed would end at once, with nothing run.</summary>
    [Fact]
    public void Ci_EveryWeek_RunsSuitesThatThereAre()
    {
        var suites = YamlJson.Parse(RepositoryFile.Read(".github/workflows/ci.yml")).GetProperty("jobs").GetProperty("in-full").GetProperty("strategy").GetProperty("matrix").GetProperty("suite")
            .EnumerateArray().Select(suite => suite.GetString()!).ToList();
        suites.ShouldNotBeEmpty();
        suites.ShouldBeSubsetOf(typeof(WorkflowTests).Assembly.GetTypes().Select(type => type.Name));
    }

    /// <summary>Every variable that infra/main.parameters.json takes from the environment, but what azd gives by itself.</summary>
    [Fact]
    public void Deploy_Always_GivesWhatTheDeploymentTakes()
    {
        var job = YamlJson.Parse(RepositoryFile.Read(".github/workflows/deploy.yml")).GetProperty("jobs").GetProperty("deploy");
        var given = job.GetProperty("env").EnumerateObject().Select(variable => variable.Name).ToList();
        var taken = Variable().Matches(RepositoryFile.Read("infra/main.parameters.json")).Select(match => match.Groups["name"].Value).Except(["SERVICE_API_RESOURCE_EXISTS"]);
        taken.Except(given).ShouldBeEmpty();
        RepositoryFile.Read(".github/workflows/deploy.yml").ShouldNotContain("secrets.");
        YamlJson.Parse(RepositoryFile.Read(".github/workflows/deploy.yml")).GetProperty("permissions").GetProperty("id-token").GetString().ShouldBe("write");
    }

    [Fact]
    public void Deploy_Always_OffersTheTiersThatThereAre() =>
        YamlJson.Parse(RepositoryFile.Read(".github/workflows/deploy.yml")).GetProperty("on").GetProperty("workflow_dispatch").GetProperty("inputs").GetProperty("tier").GetProperty("options")
            .EnumerateArray().Select(option => option.GetString()).ShouldBe(Infra.Tiers);

    /// <summary>azd finds the app by the tag of this name, and the registry by the output of that one.</summary>
    [Fact]
    public void AzureYaml_Always_NamesTheImageAndTheAppOfInfra()
    {
        var azure = YamlJson.Parse(RepositoryFile.Read("azure.yaml"));
        var service = azure.GetProperty("services").EnumerateObject().ShouldHaveSingleItem();
        File.Exists(RepositoryFile.PathOf(service.Value.GetProperty("docker").GetProperty("path").GetString()!)).ShouldBeTrue();
        service.Value.GetProperty("host").GetString().ShouldBe("containerapp");
        Infra.Module("app").AllNodes.Select(node => node["azd-service-name"]?.Text).OfType<string>().ShouldBe([service.Name]);
        File.Exists(RepositoryFile.PathOf($"{azure.GetProperty("infra").GetProperty("path").GetString()}/{azure.GetProperty("infra").GetProperty("module").GetString()}.bicep")).ShouldBeTrue();
        var outputs = Bicep.BicepFile.Read(Infra.Main).Outputs.Keys;
        outputs.ShouldContain("AZURE_CONTAINER_REGISTRY_ENDPOINT");
        outputs.ShouldContain("SERVICE_API_URI");
    }

    [Fact]
    public void DevContainer_Always_HasTheFrameworkAndTheProgramsThatReadPages()
    {
        using var container = JsonDocument.Parse(RepositoryFile.Read(".devcontainer/devcontainer.json"));
        container.RootElement.GetProperty("image").GetString().ShouldBe("mcr.microsoft.com/devcontainers/dotnet:10.0");
        var command = container.RootElement.GetProperty("postCreateCommand").GetString()!;
        command.ShouldContain(" poppler-utils tesseract-ocr jq ");
        command.ShouldEndWith("dotnet build Advisor.sln");
    }

    private static IReadOnlyList<JsonElement> Steps(string path) => [.. YamlJson.Parse(RepositoryFile.Read(path)).GetProperty("jobs").EnumerateObject()
        .SelectMany(job => job.Value.GetProperty("steps").EnumerateArray())];

    [GeneratedRegex(@"^[\w-]+/[\w-]+(/[\w-]+)?@v\d+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Action();

    [GeneratedRegex(@"\$\{(?<name>\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();
}
