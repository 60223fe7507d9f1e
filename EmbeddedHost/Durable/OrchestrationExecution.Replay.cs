namespace Advisor.Embedded.Durable;

internal sealed partial class OrchestrationExecution
{
    /// <summary>Rebuilds the state by running the code over its history, and checks at every step that it does what it did.</summary>
    /// <exception cref="NonDeterministicOrchestrationException">
    /// The code does something else; the message names the instance, the event, what the history has and what the code did.
    /// </exception>
    public void Replay(IReadOnlyList<HistoryEvent> history)
    {
        IsReplaying = true;
        for (var line = 0; line < history.Count; line++)
        {
            var recorded = history[line];
            if (recorded.IsAction)
            {
                Match(line, recorded);
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
            }
            else
            {
                // What an earlier event of the step made the code do stands behind all events of the step.
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

    private void Match(int line, HistoryEvent recorded)
    {
        if (!_actions.TryDequeue(out var made))
        {
            throw Differs(line, Describe(recorded), IsOver ? "returned without doing that" : "did nothing more in this step");
        }

        var did = made.Event;
        if (did.Kind != recorded.Kind
            || did.TaskId != recorded.TaskId
            || !string.Equals(did.Name, recorded.Name, StringComparison.OrdinalIgnoreCase)
            || !string.Equals(did.Target, recorded.Target, StringComparison.Ordinal))
        {
            throw Differs(line, Describe(recorded), Describe(did));
        }
    }

    private void MatchNothing(int line)
    {
        if (_actions.TryPeek(out var made))
        {
            throw Differs(line, "nothing more in this step", Describe(made.Event));
        }
    }

    private void MatchEnd(int line, HistoryEvent recorded)
    {
        if (recorded.Kind == EventKind.Terminated)
        {
            return;
        }

        var end = IsOver ? End().End.Kind : null;
        if (end != recorded.Kind)
        {
            throw Differs(line, Describe(recorded), end is null ? "still waits" : $"ended as {end}");
        }
    }

    private void RefuseEnd(int line, HistoryEvent? next)
    {
        if (IsOver && next?.Kind is not (EventKind.Suspended or EventKind.Resumed))
        {
            throw Differs(line, next is null ? "an orchestration that still waits" : Describe(next), $"ended as {End().End.Kind}");
        }
    }

    private NonDeterministicOrchestrationException Differs(int line, string recorded, string did) => new(
        $"The orchestrator '{Instance.Name}' is not deterministic, or its code changed under the running instance '{Instance.Id}': "
        + $"at event {line} the history has {recorded}, the code {(did.StartsWith('\'') ? "did " : string.Empty)}{did}.");

    private static string Describe(HistoryEvent happened)
    {
        var task = happened.TaskId >= 0 ? $" #{happened.TaskId}" : string.Empty;
        var name = happened.Name is null ? string.Empty : $" '{happened.Name}'";
        var target = happened.Target is null || happened.Kind == EventKind.Started ? string.Empty : $" to instance '{happened.Target}'";
        return $"'{happened.Kind}{task}'{name}{target}";
    }
}
