using System.Net;
using System.Security.Cryptography;
using Advisor.Insights;
using Advisor.Kernel.LanguageModels;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Advisor.Tests.Insights.Proposing;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Insights.Replaying;

/// <summary>A prompt or a model is tried beside the live one, and what was is computed again.</summary>
public sealed class ShadowTests(ShadowTests.Shared shared) : IClassFixture<ShadowTests.Shared>
{
    private ModelWorld World => shared.World;

    [Fact]
    public async Task Shadow_OfAnotherPrompt_LeavesItsChainAndDifferencesAndNothingElse()
    {
        var before = await World.InsightsAsync("&include=superseded");
        var live = await World.AnalysisAsync("trend");
        var shadow = await World.TriggerAsync(""", "prompt_version": "1.1.0", "shadow": true""");
        shadow["status"].GetString().ShouldBe("completed");
        shadow["shadow"].GetBoolean().ShouldBeTrue();
        shadow["compared_with"].GetString().ShouldBe(live.Id);
        shadow["differences"].GetArrayLength().ShouldBe(0, shadow.Text);
        shadow["language_model"].GetProperty("prompt").GetString().ShouldBe("insight-claims-v1.1.0");

        (await World.InsightsAsync("&include=superseded")).Select(insight => (insight.Id, insight.Status)).ShouldBe(before.Select(insight => (insight.Id, insight.Status)));
        World.Advisor.Outbox.Where(file => File.ReadAllText(file).Contains(shadow["analysis_id"].GetString()!, StringComparison.Ordinal)).ShouldBeEmpty();
        (await World.AnalysisAsync("trend")).Id.ShouldBe(live.Id);
        var chain = await World.Analyst.GetAsync($"/api/v1/reasoning-chains/{shadow["reasoning_chain_id"].GetString()}?verify=true");
        chain["verification"].GetProperty("intact").GetBoolean().ShouldBeTrue();
        chain["chain"].GetProperty("steps").EnumerateArray().Last().GetProperty("action").GetString().ShouldBe("Compare with the live analysis");
        var replay = await World.Analyst.GetAsync($"/api/v1/analysis/{shadow["analysis_id"].GetString()}/replay");
        replay["verdict"].GetString().ShouldBe("identical", replay.Text);
        (await (await World.Advisor.ClientAsync(Role.Analyst, "contoso")).GetAsync($"/api/v1/analysis/{shadow["analysis_id"].GetString()}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Shadow_OfAModelThatSaysLess_ListsWhatIsMissing()
    {
        var live = (await World.InsightsAsync("&type=risk")).Count(insight => insight.ProposedBy is not null);
        live.ShouldBeGreaterThan(0);
        await using var other = await ModelWorld.StartAsync("refusal");
        await other.AnalyzeAsync();
        // A model that declines in shadow of one that answered: all that the model proposed is missing.
        var differences = Advisor.Insights.Replaying.AnalysisDifferences.Of(
            [.. (await RecordsAsync(World)).Where(insight => insight.Type == "risk")], [.. (await RecordsAsync(other)).Where(insight => insight.Type == "risk")]);
        differences.Count.ShouldBe(live);
        differences.ShouldAllBe(difference => difference.Kind == "missing" && difference.Rule == "model/insight-claims");
    }

    [Theory]
    [InlineData(""", "shadow": true, "prompt_version": "9.9.9" """, 400, "'prompt_version' is one of 1.0.0, 1.1.0.")]
    [InlineData(""", "shadow": true, "model": "gpt-9" """, 400, "'model' is one of scripted, scripted-other; others are allowed by LanguageModels:AllowedModels.")]
    [InlineData(""", "prompt_version": "1.1.0" """, 400, "Another prompt is tried in shadow: give \"shadow\": true with 'prompt_version'.")]
    [InlineData(""", "model": "scripted" """, 400, "Another model is tried in shadow: give \"shadow\": true with 'model'.")]
    [InlineData(""", "shadow": "yes" """, 400, null)]
    public async Task Trigger_UnfitShadow_IsRefusedWithWhatToDo(string more, int status, string? detail)
    {
        var answer = await World.Analyst.PostAsync("/api/v1/analysis/trigger", $$"""{"ingestion_id": "{{World.Ingestion.IngestionId}}", "analysis_type": "risk"{{more}}}""");
        ((int)answer.Status).ShouldBe(status, answer.Text);
        if (detail is not null)
        {
            answer["detail"].GetString().ShouldBe(detail);
        }
    }

    [Fact]
    public async Task Trigger_ShadowWithoutAModel_SaysWhatToSet()
    {
        await using var advisor = await RunningAdvisor.StartAsync();
        var analyst = await advisor.ClientAsync(Role.Analyst);
        var answer = await analyst.PostAsync("/api/v1/analysis/trigger", """{"ingestion_id": "x", "analysis_type": "risk", "shadow": true}""");
        answer.Status.ShouldBe(HttpStatusCode.Conflict);
        answer.Type.ShouldBe("urn:advisor:problem:no-language-model");
        answer["detail"].GetString()!.ShouldContain("OpenAI:BaseUrl or AzureOpenAI:Endpoint");
    }

    [Fact]
    public async Task Replay_OtherThreshold_ListsTheRoutesThatWouldChange()
    {
        var analysis = await World.AnalysisAsync("trend");
        var strict = await World.Analyst.GetAsync($"/api/v1/analysis/{analysis.Id}/replay?threshold=1");
        strict["verdict"].GetString().ShouldBe("identical");
        var high = (await World.InsightsAsync("&type=trend")).Count(insight => insight.Band == Advisor.Kernel.Confidence.Band.High);
        high.ShouldBeGreaterThan(0);
        strict["routes"].GetArrayLength().ShouldBe(high);
        strict["routes"].EnumerateArray().ShouldAllBe(route => route.GetProperty("was").GetString() == "high" && route.GetProperty("would").GetString() == "medium");
        foreach (var bad in new[] { "0.6", "1.1", "x", "-1" })
        {
            (await World.Analyst.GetAsync($"/api/v1/analysis/{analysis.Id}/replay?threshold={bad}")).Status.ShouldBe(HttpStatusCode.BadRequest, bad);
        }

        (await World.Analyst.GetAsync("/api/v1/analysis/none/replay")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await (await World.Advisor.ClientAsync(Role.Analyst, "contoso")).GetAsync($"/api/v1/analysis/{analysis.Id}/replay")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    /// <summary>Whoever can write records can write hashes beside them; what the chain holds cannot be written without its links breaking.</summary>
    [Theory]
    [InlineData("answer")]
    [InlineData("prompt")]
    [InlineData("version")]
    [InlineData("temperature")]
    [InlineData("document")]
    public async Task Replay_ForgedRecording_IsNeverIdentical(string what)
    {
        var analysis = await World.AnalysisAsync("anomaly");
        var id = analysis.LanguageModel!.Calls[0];
        var recorded = (await World.Records.FindAsync(ModelRecording.Container, ModelWorld.Tenant, id, TestContext.Current.CancellationToken))!.Value;
        var forged = what switch
        {
            "answer" => recorded with { Answer = """{"claims": []}""", OutputHash = Convert.ToHexStringLower(SHA256.HashData("""{"claims": []}"""u8)) },
            "prompt" => recorded with { System = "Say what you like.", Prompt = recorded.Prompt with { Hash = new string('0', 64) } },
            "version" => recorded with { System = "Say what you like.", Prompt = recorded.Prompt with { Version = "9.9.9" } },
            "temperature" => recorded with { Temperature = 1.5m },
            _ => recorded with { DocumentId = "another" },
        };
        await World.Records.PutAsync(ModelRecording.Container, ModelWorld.Tenant, id, forged, null, TestContext.Current.CancellationToken);
        try
        {
            var replay = await World.Analyst.GetAsync($"/api/v1/analysis/{analysis.Id}/replay");
            replay["verdict"].GetString().ShouldBe("different", replay.Text);
        }
        finally
        {
            await World.Records.PutAsync(ModelRecording.Container, ModelWorld.Tenant, id, recorded, null, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Replay_AlteredRecord_SaysWhatDiffers()
    {
        var analysis = await World.AnalysisAsync("anomaly");
        var insight = (await RecordsAsync(World)).First(item => item.AnalysisId == analysis.Id);
        await World.Records.PutAsync(InsightRecord.Container, ModelWorld.Tenant, insight.Id, insight with { Amount = 12_345m }, null, TestContext.Current.CancellationToken);
        try
        {
            var replay = await World.Analyst.GetAsync($"/api/v1/analysis/{analysis.Id}/replay");
            replay["verdict"].GetString().ShouldBe("different");
            var difference = replay["differences"].EnumerateArray().ShouldHaveSingleItem();
            difference.GetProperty("what").GetString().ShouldBe($"insights/{insight.Id}");
            difference.GetProperty("members").EnumerateArray().Select(member => member.GetString()).ShouldBe(["amount"]);
        }
        finally
        {
            await World.Records.PutAsync(InsightRecord.Container, ModelWorld.Tenant, insight.Id, insight, null, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Replay_RecordingsOrBasisGone_SaysThatItCannot()
    {
        var analysis = await World.AnalysisAsync("risk");
        await World.Records.PutAsync(AnalysisRecord.Container, ModelWorld.Tenant, "old", analysis with { Id = "old", AnalysisType = "x", Basis = null }, null, TestContext.Current.CancellationToken);
        await World.Records.PutAsync(AnalysisRecord.Container, ModelWorld.Tenant, "lost", analysis with { Id = "lost", AnalysisType = "x" }, null, TestContext.Current.CancellationToken);
        await World.Records.PutAsync(AnalysisRecord.Container, ModelWorld.Tenant, "running", analysis with { Id = "running", AnalysisType = "x", Status = AnalysisStatus.Running }, null, TestContext.Current.CancellationToken);
        (await NoteAsync("old")).ShouldBe("It was made before the settings of an analysis were kept.");
        (await NoteAsync("lost")).ShouldBe("The recordings of its language model are deleted.");
        (await World.Analyst.GetAsync("/api/v1/analysis/running/replay")).Type.ShouldBe("urn:advisor:problem:analysis-running");

        async Task<string?> NoteAsync(string id)
        {
            var replay = await World.Analyst.GetAsync($"/api/v1/analysis/{id}/replay");
            replay["verdict"].GetString().ShouldBe("not_replayable");
            return replay["notes"][0].GetString();
        }
    }

    private static async Task<List<InsightRecord>> RecordsAsync(ModelWorld world) =>
        (await world.Records.AllAsync(InsightRecord.Container, ModelWorld.Tenant, [new RecordFilter("document_id", RecordOperator.Equal, world.Ingestion.DocumentId)], TestContext.Current.CancellationToken)).ConvertAll(item => item.Value);

    /// <summary>One host for the tests that leave its live analyses as they are.</summary>
    public sealed class Shared : IAsyncLifetime
    {
        internal ModelWorld World { get; private set; } = null!;

        public async ValueTask InitializeAsync() => World = await (await ModelWorld.StartAsync("good", ("LanguageModels:AllowedModels:0", "scripted-other"))).AnalyzeAsync();

        public ValueTask DisposeAsync() => World.DisposeAsync();
    }
}
