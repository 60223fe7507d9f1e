using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.LanguageModels;

/// <summary>The one way from a workflow to a language model.</summary>
/// <remarks>For activities alone: no call is ever made inside an HTTP request. Safe for threads.</remarks>
public sealed class ModelGateway(IRecordStore records, IEnumerable<ILanguageModel> models, TimeProvider time)
{
    private readonly ILanguageModel? _model = models.LastOrDefault();

    /// <summary>Whether there is a model at all.</summary>
    public bool IsConfigured => _model is not null;

    /// <summary>The model or deployment that is asked where a call names none; null without one.</summary>
    public string? DefaultModel => _model?.DefaultModel;

    /// <summary>Asks the model, or gives what it answered when it was asked the same before. Failures are answers too: nothing but faults of the product's own stores is thrown.</summary>
    public async Task<ModelExchange> AskAsync(ModelCall call, CancellationToken cancellationToken)
    {
        if (_model is null)
        {
            return await RecordedAsync(call.Tenant, call.Id, cancellationToken)
                ?? new ModelExchange(call.Id, [], new ModelFailure(ModelFailure.NoModel, "No language model is configured: set OpenAI:BaseUrl or AzureOpenAI:Endpoint."));
        }

        var samples = new List<ModelRecording>();
        for (var sample = 0; sample < (call.Samples ?? 1); sample++)
        {
            samples.Add(await SampleAsync(call, sample, _model, cancellationToken));
        }

        return Of(call.Id, samples);
    }

    /// <summary>What a call came to, without asking anybody; null where nothing is recorded.</summary>
    public async Task<ModelExchange?> RecordedAsync(TenantId tenant, string callId, CancellationToken cancellationToken)
    {
        var found = await records.AllAsync(ModelRecording.Container, tenant, [new RecordFilter("call_id", RecordOperator.Equal, callId)], cancellationToken);
        return found.Count == 0 ? null : Of(callId, [.. found.Select(stored => stored.Value).OrderBy(recording => recording.Sample)]);
    }

    private static ModelExchange Of(string callId, List<ModelRecording> samples) =>
        new(callId, samples, samples.Any(sample => sample.Answer is not null) ? null : samples[0].Failure);

    private async Task<ModelRecording> SampleAsync(ModelCall call, int sample, ILanguageModel model, CancellationToken cancellationToken)
    {
        var id = ModelRecording.IdOf(call.Id, sample);
        if (await records.FindAsync(ModelRecording.Container, call.Tenant, id, cancellationToken) is { } recorded)
        {
            return recorded.Value;
        }

        var started = time.GetTimestamp();
        var request = new ModelRequest(call.Model ?? model.DefaultModel, call.Prompt.System, call.Prompt.User, call.Prompt.Schema, call.Prompt.SchemaName, call.MaxOutputTokens ?? 4_096, call.Temperature ?? 0, sample);
        ModelAnswer? answer = null;
        ModelFailure? failure = null;
        var startedAt = time.GetUtcNow();
        try
        {
            answer = await model.CompleteAsync(request, cancellationToken);
        }
        catch (ModelException fault)
        {
            (answer, failure) = (fault.Answer, fault.Failure);
        }

        var recording = new ModelRecording
        {
            Id = id,
            CallId = call.Id,
            Sample = sample,
            Tenant = call.Tenant,
            RunId = call.RunId,
            DocumentId = call.DocumentId,
            Prompt = call.Prompt.Template,
            System = call.Prompt.System,
            User = call.Prompt.User,
            PromptHash = call.Prompt.Hash,
            Redactions = call.Prompt.Redactions,
            ModelAsked = request.Model,
            Model = answer?.Model,
            Temperature = request.Temperature,
            Seed = request.Seed,
            MaxOutputTokens = request.MaxOutputTokens,
            Answer = failure is null ? answer?.Text : null,
            FinishReason = answer?.FinishReason,
            InputTokens = answer?.InputTokens,
            OutputTokens = answer?.OutputTokens,
            MeanLogProbability = answer?.MeanLogProbability,
            Attempts = 1,
            StartedAt = startedAt,
            DurationMs = (long)time.GetElapsedTime(started).TotalMilliseconds,
            Failure = failure,
        };
        try
        {
            return (await records.CreateAsync(ModelRecording.Container, call.Tenant, id, recording, cancellationToken)).Value;
        }
        catch (RecordConflictException)
        {
            return (await records.FindAsync(ModelRecording.Container, call.Tenant, id, cancellationToken))!.Value;
        }
    }
}
