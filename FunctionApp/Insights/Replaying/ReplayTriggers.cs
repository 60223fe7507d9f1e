using System.Globalization;
using Advisor.Kernel.Http;
using Advisor.Kernel.LanguageModels;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Insights.Replaying;

/// <summary>Lets an auditor compute an analysis again, and read what a language model was shown and answered.</summary>
public sealed class ReplayTriggers(IRecordStore records, AnalysisReplay replay)
{
    [AllowAnyRole]
    [QueryParameters("threshold")]
    [Function("ReplayAnalysis")]
    public async Task<IResult> ReplayAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/analysis/{id}/replay")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var tenant = request.Caller().Tenant;
        var stored = await records.FindAsync(AnalysisRecord.Container, tenant, id, cancellationToken) ?? await records.FindAsync(AnalysisRecord.Shadows, tenant, id, cancellationToken);
        if (stored is not { Value: var analysis })
        {
            return Problem.NotFound("analysis", id);
        }

        switch (analysis.Status)
        {
            case AnalysisStatus.Failed:
                return new Problem(StatusCodes.Status409Conflict, "analysis-failed", "The analysis failed", "There is nothing to replay; trigger the analysis again.");
            case AnalysisStatus.Queued or AnalysisStatus.Running:
                return new Problem(StatusCodes.Status409Conflict, "analysis-running", "The analysis has not ended", "Wait until it is completed and replay it again.") { RetryAfter = 1 };
        }

        decimal? threshold = null;
        if (request.Query["threshold"].ToString() is { Length: > 0 } text)
        {
            var medium = analysis.Basis?.MediumBand ?? 0;
            if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var high) || high > 1 || high <= medium)
            {
                return Problem.Invalid("threshold", string.Create(CultureInfo.InvariantCulture, $"'threshold' is a high band to try, above the medium band of {medium} and at most 1, such as 0.9."));
            }

            threshold = high;
        }

        return Answer.Ok(await replay.RunAsync(tenant, analysis, threshold, cancellationToken));
    }

    /// <summary>What was shown and answered, to the letter. It is text of the document: for those who must answer for a decision alone.</summary>
    [Allow(Role.Reviewer, Role.Admin)]
    [Function("GetModelCall")]
    public async Task<IResult> GetCallAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/model-calls/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        await records.FindAsync(ModelRecording.Container, request.Caller().Tenant, id, cancellationToken) is { } stored
            ? Answer.Ok(ModelCallView.Of(stored.Value))
            : Problem.NotFound("model call", id);
}

/// <summary>A recording as the API shows it.</summary>
public sealed record ModelCallView(
    string Id, string RunId, string? DocumentId, PromptReference Prompt, string System, string User, string PromptHash, IReadOnlyDictionary<string, int> Redactions,
    string ModelAsked, string? Model, decimal Temperature, string? Answer, string? Rejected, string? OutputHash, string? FinishReason, long? InputTokens, long? OutputTokens,
    decimal? CostUsd, decimal? MeanLogProbability, int Attempts, DateTimeOffset StartedAt, long DurationMs, ModelFailure? Failure)
{
    public static ModelCallView Of(ModelRecording recording) => new(
        recording.Id, recording.RunId, recording.DocumentId, recording.Prompt, recording.System, recording.User, recording.PromptHash, recording.Redactions,
        recording.ModelAsked, recording.Model, recording.Temperature, recording.Answer, recording.Rejected, recording.OutputHash, recording.FinishReason, recording.InputTokens, recording.OutputTokens,
        recording.CostUsd, recording.MeanLogProbability, recording.Attempts, recording.StartedAt, recording.DurationMs, recording.Failure);
}
