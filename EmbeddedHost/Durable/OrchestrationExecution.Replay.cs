using System.Text.Json;

namespace Advisor.Embedded.Durable;

internal sealed partial class OrchestrationExecution
{
    private Action<ReplayDifference>? _drift;

    /// <summary>Rebuilds the state by running the code over its history, and checks at every step that it does what it did.</summary>
    /// <param name="drift">
    /// Told of inputs, due times and results that differ. They do not end the replay: like Durable Functions, which do not compare them, the
    /// instance goes on with what is recorded, so that a field added to an input does not break what is under way.
    /// </param>
    /// <exception cref="NonDeterministicOrchestrationException">The code does something else; it says where, and what.</exception>
    public void Replay(IReadOnlyList<HistoryEvent> history, Action<ReplayDifference>? drift = null)
    {
        IsReplaying = true;
        _drift = drift;
        for (var line = 0; line < history.Count; line++)
        {
            var recorded = history[line];
            if (recorded.IsAction)
            {
                Match(line, history);
            }
            else if (recorded.IsEnd)
            {
                MatchNothing(line);
                MatchEnd(line, recorded);
            }
            else if (recorded.Kind == EventKind.Step)
            {
                MatchNothing(line);
                Now = recorded.At!.Value;
                _steps++;
            }
            else
            {
                // Several things may happen in one step; what the code did on them follows the last of them.
                RefuseEnd(line, recorded);
                Deliver(recorded);
            }
        }

        MatchNothing(history.Count);
        if (history.Count > 0 && !history[^1].IsEnd)
        {
            RefuseEnd(history.Count, null);
        }

        _cancelledTimers.Clear();
        _customStatus = default;
        IsReplaying = false;
    }

    private void Match(int line, IReadOnlyList<HistoryEvent> history)
    {
        var recorded = history[line];
        if (!_actions.TryDequeue(out var made))
        {
            throw IsOver
                ? Differs(DifferenceCode.EndedEarly, line, recorded, $"{EndInWords()} without doing that")
                : Differs(DifferenceCode.StepMissing, line, recorded, "did nothing more in this step");
        }

        var did = made.Event;
        if (did.Kind != recorded.Kind
            || did.TaskId != recorded.TaskId
            || !string.Equals(did.Name, recorded.Name, StringComparison.OrdinalIgnoreCase)
            || !string.Equals(did.Target, recorded.Target, StringComparison.Ordinal))
        {
            throw Differs(Classify(did, line, history), line, recorded, $"did {ReplayDifference.Describe(did)}", did);
        }

        if (did.At != recorded.At)
        {
            _drift?.Invoke(Difference(DifferenceCode.TimerChanged, line, recorded, $"did {ReplayDifference.Describe(did)}", did));
        }
        else if (!SameJson(did.Data, recorded.Data))
        {
            Drift(DifferenceCode.InputChanged, line, recorded, did);
        }
    }

    /// <summary>Says whether the steps still to come show that one was put in, left out or moved, or that this one is another.</summary>
    private string Classify(HistoryEvent did, int line, IReadOnlyList<HistoryEvent> history)
    {
        var recorded = history[line];
        var comesLater = _actions.Any(action => Alike(action.Event, recorded));
        var stoodLater = history.Skip(line + 1).TakeWhile(later => later.IsAction).Any(later => Alike(later, did));
        return (comesLater, stoodLater) switch
        {
            (true, true) => DifferenceCode.StepOrder,
            (true, false) => DifferenceCode.StepAdded,
            (false, true) => DifferenceCode.StepMissing,
            _ => DifferenceCode.StepChanged,
        };

        // Not by receiver: the id of a sub-orchestration that was given none follows from its place.
        static bool Alike(HistoryEvent one, HistoryEvent other) =>
            one.Kind == other.Kind && string.Equals(one.Name, other.Name, StringComparison.OrdinalIgnoreCase);
    }

    private void MatchNothing(int line)
    {
        if (_actions.TryPeek(out var made))
        {
            throw Differs(DifferenceCode.StepAdded, line, null, $"did {ReplayDifference.Describe(made.Event)}", made.Event, "nothing more in this step");
        }
    }

    private void MatchEnd(int line, HistoryEvent recorded)
    {
        if (recorded.Kind == EventKind.Terminated || (!IsOver && EndedByTheEngine(recorded)))
        {
            return;
        }

        if (!IsOver)
        {
            throw Differs(DifferenceCode.EndChanged, line, recorded, "still waits");
        }

        var end = End().End;
        if (end.Kind != recorded.Kind)
        {
            throw Differs(DifferenceCode.EndChanged, line, recorded, EndInWords(), end);
        }

        if (end.Kind == EventKind.ContinuedAsNew && end.Target != recorded.Target)
        {
            throw Differs(DifferenceCode.VersionChanged, line, recorded, $"did {ReplayDifference.Describe(end)}", end);
        }

        // A failure's details hold stack traces, which change with every build.
        if (end.Kind != EventKind.Failed && !SameJson(end.Data, recorded.Data))
        {
            Drift(end.Kind == EventKind.Completed ? DifferenceCode.OutputChanged : DifferenceCode.InputChanged, line, recorded, end);
        }
    }

    /// <summary>Whether the instance was ended from outside its code, which was still waiting.</summary>
    private static bool EndedByTheEngine(HistoryEvent recorded) =>
        recorded is { Kind: EventKind.Failed, Data: { } failure }
        && (Failures.FromJson(failure).ErrorType is Failures.Poisoned or Failures.Damaged || Failures.FromJson(failure).ErrorType == typeof(NonDeterministicOrchestrationException).FullName);

    private void RefuseEnd(int line, HistoryEvent? next)
    {
        if (IsOver && next?.Kind is not (EventKind.Suspended or EventKind.Resumed))
        {
            throw Differs(DifferenceCode.EndedEarly, line, next, EndInWords(), End().End, "an orchestration that still waits");
        }
    }

    private string EndInWords()
    {
        var (end, _, failure, _) = End();
        return failure is null ? $"ended as {end.Kind}" : $"ended as {end.Kind} ({failure.ErrorType}: {failure.ErrorMessage.ReplaceLineEndings(" ")})";
    }

    private static bool SameJson(string? did, string? recorded)
    {
        if (string.Equals(did, recorded, StringComparison.Ordinal))
        {
            return true;
        }

        if (did is null || recorded is null)
        {
            return false;
        }

        // A history that was edited or formatted on its way keeps its meaning.
        return JsonElement.DeepEquals(JsonElement.Parse(did), JsonElement.Parse(recorded));
    }

    private void Drift(string code, int line, HistoryEvent recorded, HistoryEvent did) => _drift?.Invoke(Difference(
        code, line, recorded, $"did {ReplayDifference.DescribeWithData(did)}", did, ReplayDifference.DescribeWithData(recorded)));

    private NonDeterministicOrchestrationException Differs(
        string code, int line, HistoryEvent? recorded, string did, HistoryEvent? made = null, string? expected = null) =>
        new(Difference(code, line, recorded, did, made, recorded is null ? expected : null));

    private ReplayDifference Difference(string code, int line, HistoryEvent? recorded, string did, HistoryEvent? made, string? expected = null) => new(
        code, Instance.Id, Instance.Name, Version, line, _steps, expected ?? ReplayDifference.Describe(recorded!), did, recorded, made);
}
