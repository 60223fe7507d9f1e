using Advisor.Insights.Contracts;
using Advisor.Kernel.Tenancy;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Advisor.Documents;

/// <summary>One run over one document. Ids only: bytes, pages and facts are blobs.</summary>
public sealed record DocumentRun(TenantId Tenant, string RunId, string IngestionId, string DocumentId, IReadOnlyList<string> AnalysisTypes);

/// <summary>Pages to read, first and last inclusive.</summary>
public sealed record PageRange(int First, int Last)
{
    /// <summary>All pages of a document, in ranges of a size; the last may be shorter.</summary>
    public static IReadOnlyList<PageRange> Of(int pages, int size) =>
        [.. Enumerable.Range(0, (pages + size - 1) / size).Select(i => new PageRange((i * size) + 1, Math.Min(pages, (i + 1) * size)))];

    /// <summary><c>3</c>, <c>3-7</c>.</summary>
    public override string ToString() => First == Last ? $"{First}" : $"{First}-{Last}";
}

/// <summary>How the document is to be read, or why it is not.</summary>
/// <param name="Ranges">Empty when the document has no pages (a workbook) or was read before.</param>
public sealed record ReadingPlan(IReadOnlyList<PageRange> Ranges, IngestionError? Refusal);

/// <param name="Refusal">Why nothing was extracted: a limit or damage that shows only on reading; null when all went well.</param>
public sealed record Extraction(IngestionError? Refusal);

public sealed record ReadPagesRequest(DocumentRun Run, PageRange Range);

public sealed record BeginAnalysesRequest(DocumentRun Run, IReadOnlyList<string> AnalysisIds);

public sealed record FailIngestionRequest(DocumentRun Run, IngestionError Error);

/// <summary>Shown while the run goes on.</summary>
/// <param name="Progress">0 to 1.</param>
public sealed record RunProgress(string Stage, double Progress);

/// <summary>The runbook of a document: fetch it, read its pages side by side, find and prove its facts, analyse them, done.</summary>
public static class DocumentOrchestrator
{
    private static readonly TaskOptions s_retry = TaskOptions.FromRetryPolicy(
        new RetryPolicy(maxNumberOfAttempts: 4, firstRetryInterval: TimeSpan.FromSeconds(2), backoffCoefficient: 3, maxRetryInterval: TimeSpan.FromMinutes(1)));

    /// <summary>Instances up to this version repeat an analysis that failed as a whole, though each of its steps was repeated before: sixteen attempts of the last one.</summary>
    private static readonly string[] s_repeatingAnalyses = ["", "1.0", "1.1", "1.2"];

    [Function(nameof(DocumentOrchestrator))]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var run = context.GetInput<DocumentRun>() ?? throw new InvalidOperationException("The run has no input.");
        try
        {
            context.SetCustomStatus(new RunProgress("reading the document", 0.05));
            var plan = await context.CallActivityAsync<ReadingPlan>(nameof(DocumentActivities.PlanReading), run, s_retry);
            if (plan.Refusal is { } refusal)
            {
                await context.CallActivityAsync(nameof(DocumentActivities.FailIngestion), new FailIngestionRequest(run, refusal), s_retry);
                return;
            }

            await ReadPagesAsync(context, run, plan.Ranges);
            context.SetCustomStatus(new RunProgress("finding and proving facts", 0.5));
            var extraction = await context.CallActivityAsync<Extraction>(nameof(DocumentActivities.ExtractFacts), run, s_retry);
            if (extraction.Refusal is { } unreadable)
            {
                await context.CallActivityAsync(nameof(DocumentActivities.FailIngestion), new FailIngestionRequest(run, unreadable), s_retry);
                return;
            }

            var analyses = run.AnalysisTypes.Select(type => new AnalysisRequest(
                run.Tenant, context.NewGuid().ToString(), run.RunId, run.IngestionId, run.DocumentId, type)).ToList();
            context.SetCustomStatus(new RunProgress("analysing", 0.7));
            await context.CallActivityAsync(
                nameof(DocumentActivities.BeginAnalyses), new BeginAnalysesRequest(run, [.. analyses.Select(a => a.AnalysisId)]), s_retry);
            var analysing = s_repeatingAnalyses.Contains(context.Version) ? s_retry : new TaskOptions();
            await Task.WhenAll(analyses.Select(analysis => context.CallSubOrchestratorAsync(
                AnalysisRequest.Orchestrator, analysis, new SubOrchestrationOptions(analysing, analysis.AnalysisId))));

            await context.CallActivityAsync(nameof(DocumentActivities.CompleteIngestion), run, s_retry);
            context.SetCustomStatus(new RunProgress("done", 1));
        }
        catch (TaskFailedException failure)
        {
            var error = new IngestionError(
                "urn:advisor:problem:processing-failed",
                "The document could not be processed",
                $"The step '{failure.TaskName}' failed after several attempts: {failure.FailureDetails.ErrorMessage} Upload the document again; if it fails again, report the run {run.RunId} to your operator.");
            await context.CallActivityAsync(nameof(DocumentActivities.FailIngestion), new FailIngestionRequest(run, error), s_retry);
        }
    }

    private static async Task ReadPagesAsync(TaskOrchestrationContext context, DocumentRun run, IReadOnlyList<PageRange> ranges)
    {
        var reading = ranges.Select(range =>
            context.CallActivityAsync(nameof(DocumentActivities.ReadPages), new ReadPagesRequest(run, range), s_retry)).ToList();
        for (var done = 0; done < ranges.Count;)
        {
            var next = await Task.WhenAny(reading);
            await next;
            reading.Remove(next);
            context.SetCustomStatus(new RunProgress("reading pages", 0.1 + (0.4 * ++done / ranges.Count)));
        }
    }
}
