using System.Security.Cryptography;
using System.Text;
using Advisor.Documents.Contracts;
using Advisor.Insights.Contracts;
using Advisor.Kernel.LanguageModels;
using Advisor.Kernel.LanguageModels.Prompts;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Advisor.Kernel.Timeline;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace Advisor.Insights.Proposing;

/// <summary>Asks a language model for claims, before the facts are reasoned over. Whatever comes of it is recorded; nothing of it is believed here.</summary>
public sealed class ModelAsking(
    IRecordStore records, DocumentReadings readings, DocumentTexts texts, ModelGateway gateway, PromptLibrary prompts, DocumentInsights derived, RunTimeline timeline, IOptions<InsightsOptions> options, TimeProvider time)
{
    /// <summary>Asks once for an analysis, however often it is attempted. Does nothing where no model is configured, and for a document without facts.</summary>
    [Function(nameof(AskModel))]
    public async Task AskModel([ActivityTrigger] AnalysisRequest request, CancellationToken cancellationToken)
    {
        if (!gateway.IsConfigured || await readings.FindAsync(request.Tenant, request.DocumentId, cancellationToken) is not ({ Facts.Count: > 0 } findings, _))
        {
            return;
        }

        var started = time.GetTimestamp();
        var version = request.PromptVersion ?? options.Value.ModelPrompt;
        var prompt = prompts.Find(ModelPrompt.Name, version)
            ?? throw new InvalidOperationException($"There is no prompt {ModelPrompt.Name} {version}: set Insights:ModelPrompt to one of {string.Join(", ", KnownVersions(prompts))}.");
        var callId = CallIdOf(request.AnalysisId);

        // The question comes first: where a fault leaves no answer, the chain can say that there was one.
        var question = new ModelQuestion(request.AnalysisId, request.DocumentId, callId, prompt.Reference, request.Model ?? gateway.DefaultModel!, [], 0, [], 0);
        await records.PutAsync(ModelQuestion.Container, request.Tenant, request.AnalysisId, question, null, cancellationToken);
        var lines = options.Value.ModelPassages == 0 ? [] : await texts.LinesAsync(request.Tenant, request.DocumentId, cancellationToken);
        var room = new PromptRoom(options.Value.ModelFactTokens, options.Value.ModelPassages, options.Value.ModelPassageTokens);
        var context = ModelPrompt.Of(request.AnalysisType, findings, Reasoner.Said(request.AnalysisType, findings), lines, room);
        await records.PutAsync(ModelQuestion.Container, request.Tenant, request.AnalysisId, question with
        {
            Facts = context.Facts,
            FactsLeftOut = context.FactsLeftOut,
            Passages = [.. context.Passages.Select(passage => new ShownPassage(passage.Section, passage.Page, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(passage.Text)))))],
            PassagesLeftOut = context.PassagesLeftOut,
        }, null, cancellationToken);
        var exchange = await gateway.AskAsync(
            new ModelCall(request.Tenant, request.RunId, callId, prompt.Render(callId, context.Fields)) { DocumentId = request.DocumentId, Model = request.Model }, cancellationToken);

        // Deleted while the model was asked: what it was shown goes, too.
        await derived.SettleAsync(request.Tenant, request.DocumentId, cancellationToken);
        await timeline.AppendAsync(request.Tenant, request.RunId, new RunTimeline.Entry(
            $"ask/{request.AnalysisId}", TimelineEventType.StepCompleted, $"ask_model_{request.AnalysisType}", exchange.Samples[0].Model ?? question.Model,
            (long)time.GetElapsedTime(started).TotalMilliseconds,
            new { request.AnalysisId, outcome = exchange.Failure?.Code ?? "answered", samples = exchange.Samples.Count }), cancellationToken);
    }

    /// <summary>What was asked for an analysis and is recorded of the answer, be it that a fault left none; null where no model was asked, or the document is deleted.</summary>
    public async Task<ModelAnswers?> RecordedAsync(TenantId tenant, string analysisId, CancellationToken cancellationToken) =>
        await records.FindAsync(ModelQuestion.Container, tenant, analysisId, cancellationToken) is { Value: var question }
            ? new ModelAnswers(question, await gateway.RecordedAsync(tenant, question.CallId, cancellationToken)
                ?? new ModelExchange(question.CallId, [], new ModelFailure(ModelFailure.NotRecorded, "Asking ended in a fault of the product, and left no recording.")))
            : null;

    /// <summary>Versions of the prompt, the oldest first.</summary>
    public static IReadOnlyList<string> KnownVersions(PromptLibrary prompts) => [.. prompts.Versions(ModelPrompt.Name).Select(template => template.Version).Reverse()];

    private static string CallIdOf(string analysisId) => DeterministicId.Of("insight-claims", analysisId);
}
