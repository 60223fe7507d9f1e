using System.Net;
using System.Text.Json;
using Advisor.Embedded.ScriptedModels;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.LanguageModels;

public sealed class ModelHealthTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dependencies_ModelThatAnswers_IsHealthyAndNoCompletionIsAsked()
    {
        await using var server = await ScriptedModel.StartAsync("good", cancellationToken: Cancel);
        var model = await ReportAsync(("OpenAI:BaseUrl", server.BaseUrl.ToString()));
        (model!.Value.GetProperty("status").GetString(), model.Value.GetProperty("circuit").GetString(), server.Requests.Count).ShouldBe(("healthy", "closed", 0));
    }

    /// <summary>Without its model the product works on, so the whole is not down.</summary>
    [Fact]
    public async Task Dependencies_ModelThatRefuses_IsDegradedWithItsLastErrorAndNoSecret()
    {
        await using var server = await ScriptedModel.StartAsync(_ => Completion.Error(401, "invalid_api_key", "Incorrect key sk-secret"), cancellationToken: Cancel);
        var model = await ReportAsync(("OpenAI:BaseUrl", server.BaseUrl.ToString()), ("OpenAI:ApiKey", "sk-secret"));
        (model!.Value.GetProperty("status").GetString(), model.Value.GetProperty("last_error").GetString()).ShouldBe(("degraded", "ModelException"));
        model.Value.GetRawText().ShouldNotContain("sk-secret");
    }

    [Fact]
    public async Task Dependencies_WithoutAModel_DoNotNameIt() => (await ReportAsync()).ShouldBeNull();

    private static async Task<JsonElement?> ReportAsync(params (string, string?)[] settings)
    {
        await using var advisor = await RunningAdvisor.StartAsync(settings);
        var report = await (await advisor.ClientAsync(Role.Operator)).GetAsync("/health/dependencies");
        report.Status.ShouldBe(HttpStatusCode.OK, report.Text);
        var found = report["dependencies"].EnumerateArray().Where(one => one.GetProperty("name").GetString() == "language-model").ToList();
        return found.Count == 0 ? null : found[0].Clone();
    }
}
