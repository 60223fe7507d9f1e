using System.Diagnostics;
using Advisor.Kernel.Telemetry;

namespace Advisor.Kernel.LanguageModels;

/// <summary>A call's span, by OpenTelemetry's conventions for generative models. No text is on it.</summary>
internal static class ModelSpan
{
    public static Activity? Start(ILanguageModel model, ModelRequest request) => Spans.Source.StartActivity($"chat {request.Model}", ActivityKind.Client)?
        .SetTag("gen_ai.operation.name", "chat")
        .SetTag("gen_ai.provider.name", model.Provider)
        .SetTag("gen_ai.output.type", "json")
        .SetTag("gen_ai.request.model", request.Model)
        .SetTag("gen_ai.request.max_tokens", request.MaxOutputTokens)
        .SetTag("gen_ai.request.temperature", (double)request.Temperature)
        .SetTag("gen_ai.request.seed", request.Seed);

    public static void End(Activity? span, ModelOutcome outcome)
    {
        if (span is null)
        {
            return;
        }

        if (outcome.Answer is { } answer)
        {
            span.SetTag("gen_ai.response.model", answer.Model)
                .SetTag("gen_ai.response.finish_reasons", new[] { answer.FinishReason })
                .SetTag("gen_ai.usage.input_tokens", answer.InputTokens)
                .SetTag("gen_ai.usage.output_tokens", answer.OutputTokens);
        }

        if (outcome.Failure is { } failure)
        {
            span.SetStatus(ActivityStatusCode.Error).SetTag("error.type", failure.Code);
        }
    }
}
