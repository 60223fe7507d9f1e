using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Advisor.Embedded.Durable;

/// <summary>The ways in which code and a history can part. The words are stable: scripts and alerts may look for them.</summary>
public static class DifferenceCode
{
    /// <summary>Another step stands in the place of a recorded one.</summary>
    public const string StepChanged = "step-changed";

    /// <summary>The history has a step that the code no longer makes.</summary>
    public const string StepMissing = "step-missing";

    /// <summary>The code makes a step that the history does not have.</summary>
    public const string StepAdded = "step-added";

    /// <summary>The same steps in another order.</summary>
    public const string StepOrder = "step-order";

    /// <summary>The code has ended where the history goes on.</summary>
    public const string EndedEarly = "ended-early";

    /// <summary>The history ends here; the code ends otherwise, or still waits.</summary>
    public const string EndChanged = "end-changed";

    /// <summary>The code continues as new under another version.</summary>
    public const string VersionChanged = "version-changed";

    /// <summary>The instance is of a version that this build does not run.</summary>
    public const string VersionNotServed = "version-not-served";

    /// <summary>This build has no orchestrator of that name.</summary>
    public const string OrchestratorMissing = "orchestrator-missing";

    /// <summary>A call that waits to be run names an activity that this build does not have.</summary>
    public const string ActivityMissing = "activity-missing";

    /// <summary>The history in the journal is not as it was written: the disk gave back something else.</summary>
    public const string JournalDamaged = "journal-damaged";

    /// <summary>The same call with another input, event with another payload or continuation with another input.</summary>
    public const string InputChanged = "input-changed";

    /// <summary>The same timer, due at another time.</summary>
    public const string TimerChanged = "timer-changed";

    /// <summary>The same end with another result.</summary>
    public const string OutputChanged = "output-changed";

    /// <summary>Whether an instance cannot go on. The others are seen only by looking for them: the recorded value stands, and the instance goes on with it.</summary>
    public static bool Breaks(string code) => code is not (InputChanged or TimerChanged or OutputChanged);
}

/// <summary>One place where the code of today does not do what a history has.</summary>
/// <param name="Code">One of <see cref="DifferenceCode"/>.</param>
/// <param name="Version">The version under which the instance was begun; empty when it had none.</param>
/// <param name="Event">The line of the history, from 0; its length when the code went on after the end of it.</param>
/// <param name="Step">The step of the history, from 1; 0 before the first.</param>
/// <param name="Expected">What the history has there, in words; without the text of inputs, of which it gives a hash.</param>
/// <param name="Did">What the code did, in words.</param>
/// <param name="Recorded">The line of the history; null when it has none there.</param>
/// <param name="Made">The step that the code made; null when it made none.</param>
public sealed record ReplayDifference(
    string Code,
    string InstanceId,
    string Orchestrator,
    string Version,
    int Event,
    int Step,
    string Expected,
    string Did,
    HistoryEvent? Recorded = null,
    HistoryEvent? Made = null)
{
    /// <summary>Whether an instance with this history cannot go on under this code.</summary>
    public bool Breaks => DifferenceCode.Breaks(Code);

    /// <summary>What to do about it.</summary>
    public string Advice => Code switch
    {
        DifferenceCode.VersionNotServed => "Keep a build that serves the version until its instances have ended, or let host.json's versionMatchStrategy accept it.",
        DifferenceCode.OrchestratorMissing => "Keep the orchestrator under this name until its instances have ended.",
        DifferenceCode.ActivityMissing => "Keep the activity under this name until the calls of it have ended.",
        DifferenceCode.JournalDamaged => "Restore the data folder from a backup; without one the instance will be quarantined. See 'Damaged files' in docs/engine.md.",
        _ when !Breaks => "The recorded value stands and the instance goes on; if nobody changed the code here, it reads a clock, chance or a setting.",
        _ => "Keep the old steps for instances under way: raise defaultVersion in host.json and branch on context.Version, or deploy the old code until they have ended.",
    };

    /// <summary>All of it in one line.</summary>
    public string Sentence => Code switch
    {
        DifferenceCode.VersionNotServed or DifferenceCode.OrchestratorMissing or DifferenceCode.ActivityMissing or DifferenceCode.JournalDamaged =>
            $"The orchestrator {Title} does not fit its instance '{InstanceId}': the history has {Expected}, this build {Did} ({Code}). {Advice}",
        _ => $"The orchestrator {Title} is not deterministic, or its code changed under its instance '{InstanceId}': "
            + string.Create(CultureInfo.InvariantCulture, $"at event {Event} (step {Step}) the history has {Expected}, the code {Did} ({Code}). {Advice}"),
    };

    private string Title => Version.Length == 0 ? $"'{Orchestrator}'" : $"'{Orchestrator}' of version {Version}";

    /// <summary>A line of a history in words.</summary>
    internal static string Describe(HistoryEvent happened)
    {
        var text = new StringBuilder(happened.Kind);
        if (happened.TaskId >= 0)
        {
            text.Append(CultureInfo.InvariantCulture, $" #{happened.TaskId}");
        }

        if (happened.Name is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $" '{happened.Name}'");
        }

        if (happened.Target is not null)
        {
            text.Append(happened.Kind is EventKind.Started or EventKind.ContinuedAsNew ? $" of version '{happened.Target}'" : $" to instance '{happened.Target}'");
        }

        if (happened is { Kind: EventKind.TimerCreated, At: { } due })
        {
            text.Append(CultureInfo.InvariantCulture, $" until {due:yyyy-MM-ddTHH:mm:ss.FFFFFFFZ}");
        }

        return text.ToString();
    }

    /// <summary>The line with the hash of its data, which may be anything and is not for messages.</summary>
    internal static string DescribeWithData(HistoryEvent happened) => $"{Describe(happened)} with {(happened.Data is { } data ? Hash(data) : "nothing")}";

    private static string Hash(string data)
    {
        var bytes = Encoding.UTF8.GetBytes(data);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes.Length} bytes sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 6))}");
    }
}

/// <summary>The code of an orchestrator does not fit the history of an instance; the message says where, and what to do.</summary>
public sealed class NonDeterministicOrchestrationException(ReplayDifference difference) : InvalidOperationException(difference.Sentence)
{
    public ReplayDifference Difference { get; } = difference;
}
