namespace Advisor.Embedded.Storage;

/// <summary>Where an embedded host keeps what it knows. One host at a time owns a folder; a checkout's own is <c>.data</c>.</summary>
/// <param name="Path">The folder; it need not exist yet.</param>
public sealed record DataFolder(string Path)
{
    /// <summary>SQLite: records and whatever else is written as records are.</summary>
    public string Records => In("records.db");

    /// <summary>SQLite: the queues.</summary>
    public string Queues => In("queues.db");

    /// <summary>SQLite: the journal of the orchestrations.</summary>
    public string Journal => In("journal.db");

    /// <summary>SQLite: API tokens. The command line writes it too, whether or not a host is running.</summary>
    public string Identity => In("identity.db");

    /// <summary>SQLite: the audit log. The command line writes it too, as it writes <see cref="Identity"/>.</summary>
    public string Audit => In("audit.db");

    /// <summary>Folder of the blobs.</summary>
    public string Blobs => In("blobs");

    /// <summary>JSON: process, address and tokens of the running host; readable by its user only.</summary>
    public string State => In("host.state.json");

    /// <summary>Held open by whoever runs a host on this folder.</summary>
    public string Lock => In("host.lock");

    /// <summary>What a detached host prints.</summary>
    public string Log => In("host.log");

    private string In(string name) => System.IO.Path.Combine(System.IO.Path.GetFullPath(Path), name);
}
