using Advisor.Insights.Contracts;
using Advisor.Insights.Proposing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Advisor.Insights;

/// <summary>The runbook of an analysis: ask a language model where there is one, reason over the facts, then hand each insight to its band's queue.</summary>
public static class AnalysisOrchestrator
{
    /// <summary>Instances of this version were begun before a model was ever asked, and go on as they began.</summary>
    private const string WithoutModel = "1.0";

    /// <summary>Instances of this version end where asking a model fails.</summary>
    private const string WithoutFallback = "1.1";

    private static readonly TaskOptions s_retry = TaskOptions.FromRetryPolicy(
        new RetryPolicy(maxNumberOfAttempts: 4, firstRetryInterval: TimeSpan.FromSeconds(2), backoffCoefficient: 3, maxRetryInterval: TimeSpan.FromMinutes(1)));

    [Function(AnalysisRequest.Orchestrator)]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var request = context.GetInput<AnalysisRequest>() ?? throw new InvalidOperationException("The analysis has no input.");
        try
        {
            if (context.Version is not ("" or WithoutModel))
            {
                await AskModelAsync(context, request);
            }

            await context.CallActivityAsync(nameof(AnalysisActivities.ReasonOverFacts), request, s_retry);
            await context.CallActivityAsync(nameof(AnalysisActivities.RouteInsights), request, s_retry);
        }
        catch (TaskFailedException)
        {
            await context.CallActivityAsync(nameof(AnalysisActivities.FailAnalysis), request, s_retry);
            throw;
        }
    }

    /// <summary>A failure to ask is no failure of the analysis: the built-in analyst works alone, and the chain says so.</summary>
    private static async Task AskModelAsync(TaskOrchestrationContext context, AnalysisRequest request)
    {
        try
        {
            await context.CallActivityAsync(nameof(ModelAsking.AskModel), request, s_retry);
        }
        catch (TaskFailedException) when (context.Version is not WithoutFallback)
        {
            // The host's log has the fault. What was asked is recorded, and that there is no answer follows from it.
        }
    }
}
