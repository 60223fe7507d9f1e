using System.Globalization;
using Advisor.Kernel.Resilience;
using Microsoft.Extensions.Options;
using Polly.Timeout;

namespace Advisor.Kernel.LanguageModels;

/// <summary>What came of asking, and what it took.</summary>
/// <param name="Answer">What a model said, be it an answer or not; null where nothing came.</param>
/// <param name="Failure">Null where <paramref name="Answer"/> is one.</param>
/// <param name="Attempts">Requests sent.</param>
internal sealed record ModelOutcome(ModelAnswer? Answer, ModelFailure? Failure, int Attempts, IReadOnlyList<(ModelReservation Reservation, ModelUse? Used)> ToSettle);

/// <summary>Asks until there is an answer, or no time or attempt is left.</summary>
/// <remarks>
/// An open circuit is not waited for: the built-in analyst is there at once. Between attempts no place is held. The repetitions are made
/// here and not by the dependency, because each has its own price, and because the server says when.
/// </remarks>
internal sealed class ModelAttempts(Dependencies dependencies, ModelBudgets budgets, IOptions<LanguageModelOptions> options, TimeProvider time)
{
    /// <summary>Characters of an answer. A recording of one with its prompt stays below the 2 MB that a document of Cosmos DB may have, though every character were escaped.</summary>
    internal const int MaxAnswer = 200_000;

    private readonly Dependency _dependency = dependencies[Dependencies.LanguageModel];

    public async Task<ModelOutcome> AskAsync(ILanguageModel model, ModelRequest request, ModelCall call, string id, CancellationToken cancellationToken)
    {
        var limits = options.Value;
        var price = limits.PriceOf(request.Model);
        var promptTokens = TokenEstimate.Of(request.System, request.User, request.Schema);
        var worst = new ModelUse(promptTokens + request.MaxOutputTokens, price?.Of(promptTokens, request.MaxOutputTokens) ?? 0);
        var toSettle = new List<(ModelReservation, ModelUse?)>();
        // Asked again after a crash, it is paid for again: each time has a place of its own, and what nobody settled stays counted.
        var asking = Guid.NewGuid().ToString("N");
        var (sent, left) = (0, limits.MaxCallTime);
        while (true)
        {
            var (reservation, exceeded) = await budgets.ReserveAsync(call.Tenant, call.RunId, $"{id}.{asking}.{sent}", worst, cancellationToken);
            if (reservation is null)
            {
                return Ended(null, exceeded);
            }

            var attempt = await OnceAsync(model, request, left, cancellationToken);
            if (attempt.Answer is null && !attempt.MayHaveCost)
            {
                // It cost nothing, and its place must not keep the next attempt, or another sample, out.
                await budgets.SettleAsync(reservation, ModelUse.None, cancellationToken);
            }
            else
            {
                toSettle.Add((reservation, attempt.Answer is { InputTokens: { } input, OutputTokens: { } output } ? new ModelUse(input + output, price?.Of(input, output) ?? 0) : null));
            }

            sent += attempt.Sent ? 1 : 0;
            left -= attempt.Took;
            if (attempt.Failure is null || !attempt.Repeatable || sent >= limits.MaxAttempts)
            {
                return Ended(attempt.Answer, attempt.Failure);
            }

            var pause = Pause(limits.RetryDelay, sent, attempt.RetryAfter);
            if (pause >= left)
            {
                return Ended(attempt.Answer, attempt.Failure);
            }

            await Task.Delay(pause, time, cancellationToken);
            left -= pause;
        }

        ModelOutcome Ended(ModelAnswer? answer, ModelFailure? failure) => new(answer, failure, sent, toSettle);
    }

    /// <summary>Doubled each time, with up to half as much again, so that those who failed together do not come back together; never less than the server asks for.</summary>
    internal static TimeSpan Pause(TimeSpan first, int sent, TimeSpan? asked)
    {
        var own = first * Math.Pow(2, sent - 1) * (1 + (Random.Shared.NextDouble() / 2));
        return asked > own ? asked.Value : own;
    }

    private async Task<Attempt> OnceAsync(ILanguageModel model, ModelRequest request, TimeSpan left, CancellationToken cancellationToken)
    {
        var (sent, began) = (false, 0L);
        try
        {
            var answer = await _dependency.CallAsync("complete", request.Model, request, async (asked, token) =>
            {
                (sent, began) = (true, time.GetTimestamp());
                using var limit = new CancellationTokenSource(left, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(token, limit.Token);
                try
                {
                    return await model.CompleteAsync(asked, either.Token);
                }
                catch (OperationCanceledException) when (limit.IsCancellationRequested && !token.IsCancellationRequested)
                {
                    throw new TimeoutException();
                }
            }, cancellationToken);
            return Of(new Attempt(answer, answer.Text.Length > MaxAnswer
                ? new ModelFailure(ModelFailure.TooLong, string.Create(CultureInfo.InvariantCulture, $"The answer has more than {MaxAnswer} characters."))
                : AnswerSchema.FaultOf(answer.Text, request.Schema) is { } fault
                ? new ModelFailure(ModelFailure.InvalidAnswer, $"The answer is not what was asked for: {fault}.")
                : null));
        }
        catch (ModelException fault)
        {
            return Of(new Attempt(fault.Answer, fault.Failure, fault.MayHaveCost, fault.Repeatable, fault.RetryAfter));
        }
        catch (DependencyUnavailableException) when (!sent)
        {
            return Of(new Attempt(null, new ModelFailure(ModelFailure.Unavailable, "The circuit of the language model is open, or all its places are taken: too many of its calls fail, or wait.")));
        }
        catch (DependencyUnavailableException fault) when (fault.InnerException is ModelServerException server)
        {
            return Of(new Attempt(null, server.Failure, server.MayHaveCost, Repeatable: true, server.RetryAfter));
        }
        catch (DependencyUnavailableException fault) when (fault.InnerException is TimeoutRejectedException or TimeoutException)
        {
            return Of(new Attempt(null, new ModelFailure(ModelFailure.TimedOut, "The answer did not come in time: LanguageModels:MaxCallTime, Resilience:LanguageModel:AttemptTimeout."), MayHaveCost: true, Repeatable: true));
        }

        Attempt Of(Attempt attempt) => attempt with { Sent = sent, Took = sent ? time.GetElapsedTime(began) : TimeSpan.Zero };
    }

    private sealed record Attempt(ModelAnswer? Answer, ModelFailure? Failure, bool MayHaveCost = false, bool Repeatable = false, TimeSpan? RetryAfter = null)
    {
        public bool Sent { get; init; }

        public TimeSpan Took { get; init; }
    }
}
