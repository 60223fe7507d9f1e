using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Advisor.Kernel.Records;
using Advisor.Kernel.Telemetry;
using Advisor.Kernel.Tenancy;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Advisor.Kernel.LanguageModels;

/// <summary>The one way from a workflow to a language model.</summary>
/// <remarks>For activities alone: no call is ever made inside an HTTP request. Safe for threads.</remarks>
public sealed partial class ModelGateway
{
    /// <summary>More samples would cost more than their agreement tells.</summary>
    internal const int MaxSamples = 9;

    /// <summary>Of words that are no answer, so much is kept.</summary>
    private const int MaxRejected = 100_000;

    private readonly IRecordStore _records;
    private readonly ILanguageModel? _model;
    private readonly ModelAttempts _attempts;
    private readonly ModelBudgets _budgets;
    private readonly LanguageModelOptions _options;
    private readonly AdvisorMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal ModelGateway(
        IRecordStore records, ILanguageModel? model, ModelAttempts attempts, ModelBudgets budgets, IOptions<LanguageModelOptions> options, AdvisorMetrics metrics,
        TimeProvider time, ILogger<ModelGateway> logger)
    {
        (_records, _model, _attempts, _budgets, _options, _metrics, _time, _logger) = (records, model, attempts, budgets, options.Value, metrics, time, logger);
    }

    /// <summary>Whether there is a model at all.</summary>
    public bool IsConfigured => _model is not null;

    /// <summary>The model or deployment that is asked where a call names none; null without one.</summary>
    public string? DefaultModel => _model?.DefaultModel;

    /// <summary>Whether calls may name the model.</summary>
    public bool Allows(string model) => model == DefaultModel || _options.AllowedModels.Contains(model);

    /// <summary>Asks the model, or gives what it answered when it was asked the same before.</summary>
    /// <remarks>
    /// Failures are outcomes too, and are recorded and given again like answers: a run that is repeated goes the same way. Nothing but faults of
    /// the product's own stores is thrown. A host that dies between an answer and its recording asks, and pays, again; there is
    /// never more than one recording.
    /// </remarks>
    /// <exception cref="ArgumentException">The call is malformed, or names a model that is not allowed: a mistake of whoever asks.</exception>
    public async Task<ModelExchange> AskAsync(ModelCall call, CancellationToken cancellationToken)
    {
        Check(call);
        if (_model is null)
        {
            return await RecordedAsync(call.Tenant, call.Id, cancellationToken)
                ?? new ModelExchange(call.Id, [], new ModelFailure(ModelFailure.NoModel, "No language model is configured: set OpenAI:BaseUrl or AzureOpenAI:Endpoint."));
        }

        var samples = await Task.WhenAll(Enumerable.Range(0, call.Samples ?? _options.Samples).Select(sample => SampleAsync(call, sample, _model, cancellationToken)));
        return Of(call.Id, samples);
    }

    /// <summary>What a call came to, without asking anybody; null where nothing is recorded.</summary>
    public async Task<ModelExchange?> RecordedAsync(TenantId tenant, string callId, CancellationToken cancellationToken)
    {
        var found = await _records.AllAsync(ModelRecording.Container, tenant, [new RecordFilter("call_id", RecordOperator.Equal, callId)], cancellationToken);
        return found.Count == 0 ? null : Of(callId, [.. found.Select(stored => stored.Value).OrderBy(recording => recording.Sample)]);
    }

    private static ModelExchange Of(string callId, ModelRecording[] samples) =>
        new(callId, samples, samples.Any(sample => sample.Answer is not null) ? null : samples[0].Failure);

    private void Check(ModelCall call)
    {
        if (!CallId().IsMatch(call.Id) || call.Prompt.CallId != call.Id)
        {
            throw new ArgumentException("A call's id is 1 to 100 of letters, digits, '-', '_' and '.', and its prompt is rendered for it.", nameof(call));
        }

        if (call.Samples is < 1 or > MaxSamples || call.Temperature is < 0 or > 2 || call.MaxOutputTokens is < 1)
        {
            throw new ArgumentException("A call has 1 to 9 samples, a temperature from 0 to 2 and at least 1 token for its answer.", nameof(call));
        }

        if (_model is not null && call.Model is { } model && !Allows(model))
        {
            throw new ArgumentException("The call names a model that is neither the configured one nor among LanguageModels:AllowedModels.", nameof(call));
        }
    }

    private async Task<ModelRecording> SampleAsync(ModelCall call, int sample, ILanguageModel model, CancellationToken cancellationToken)
    {
        var id = ModelRecording.IdOf(call.Id, sample);
        if (await _records.FindAsync(ModelRecording.Container, call.Tenant, id, cancellationToken) is { } recorded)
        {
            return recorded.Value;
        }

        var samples = call.Samples ?? _options.Samples;
        var request = new ModelRequest(
            call.Model ?? model.DefaultModel, call.Prompt.System, call.Prompt.User, call.Prompt.Schema, call.Prompt.SchemaName,
            Math.Min(call.MaxOutputTokens ?? int.MaxValue, _options.MaxOutputTokens), call.Temperature ?? (samples == 1 ? 0 : _options.SampleTemperature), sample);
        var (startedAt, started) = (_time.GetUtcNow(), _time.GetTimestamp());
        using var span = ModelSpan.Start(model, request);
        var outcome = TokenEstimate.Of(request.System, request.User, request.Schema) > _options.MaxPromptTokens
            ? new ModelOutcome(null, new ModelFailure(ModelFailure.PromptTooLong, "The prompt may have more tokens than LanguageModels:MaxPromptTokens."), 0, [])
            : await _attempts.AskAsync(model, request, call, id, cancellationToken);
        ModelSpan.End(span, outcome);
        var recording = Recording(call, sample, request, outcome) with { StartedAt = startedAt, DurationMs = (long)_time.GetElapsedTime(started).TotalMilliseconds };
        return await KeepAsync(recording, outcome, cancellationToken);
    }

    /// <summary>The recording comes first, the settling after it: a host that dies in between leaves the worst case counted.</summary>
    private async Task<ModelRecording> KeepAsync(ModelRecording recording, ModelOutcome outcome, CancellationToken cancellationToken)
    {
        ModelRecording kept;
        try
        {
            kept = (await _records.CreateAsync(ModelRecording.Container, recording.Tenant, recording.Id, recording, cancellationToken)).Value;
            if (recording is { Model: { } model, InputTokens: { } input, OutputTokens: { } output })
            {
                _metrics.ModelAnswered(recording.Tenant, model, input, output, recording.CostUsd);
            }

            if (recording.Failure is { } failure)
            {
                Log.Failed(_logger, recording.RunId, recording.Tenant.Value, recording.CallId, failure.Code, recording.Attempts, failure.Detail);
            }
        }
        catch (RecordConflictException)
        {
            // Somebody asked the same at the same time and was first: what is recorded counts.
            kept = (await _records.FindAsync(ModelRecording.Container, recording.Tenant, recording.Id, cancellationToken))?.Value ?? recording;
        }

        foreach (var (reservation, used) in outcome.ToSettle)
        {
            await _budgets.SettleAsync(reservation, used, cancellationToken);
        }

        return kept;
    }

    private ModelRecording Recording(ModelCall call, int sample, ModelRequest request, ModelOutcome outcome)
    {
        var (answer, failed) = (outcome.Answer, outcome.Failure is not null);
        return new ModelRecording
        {
            Id = ModelRecording.IdOf(call.Id, sample),
            CallId = call.Id,
            Sample = sample,
            Tenant = call.Tenant,
            RunId = call.RunId,
            DocumentId = call.DocumentId,
            Prompt = call.Prompt.Template,
            System = request.System,
            User = request.User,
            PromptHash = call.Prompt.Hash,
            Redactions = call.Prompt.Redactions,
            ModelAsked = request.Model,
            Model = answer?.Model,
            Temperature = request.Temperature,
            Seed = request.Seed,
            MaxOutputTokens = request.MaxOutputTokens,
            Answer = failed ? null : answer?.Text,
            Rejected = !failed ? null : answer?.Text is { Length: > MaxRejected } text ? text[..MaxRejected] : answer?.Text,
            OutputHash = answer is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(answer.Text))),
            FinishReason = answer?.FinishReason,
            InputTokens = answer?.InputTokens,
            OutputTokens = answer?.OutputTokens,
            CostUsd = answer is { InputTokens: { } input, OutputTokens: { } output } ? _options.PriceOf(request.Model)?.Of(input, output) : null,
            MeanLogProbability = answer?.MeanLogProbability,
            Unsupported = answer?.Unsupported ?? [],
            Attempts = outcome.Attempts,
            StartedAt = default,
            DurationMs = 0,
            Failure = outcome.Failure,
        };
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,100}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CallId();

    private static partial class Log
    {
        [LoggerMessage(EventId = 140, Level = LogLevel.Information, Message = "Run {RunId} of {Tenant}: call {CallId} of the language model gave no answer, {Code} after {Attempts} attempts. {Detail}")]
        public static partial void Failed(ILogger logger, string runId, string tenant, string callId, string code, int attempts, string detail);
    }
}
