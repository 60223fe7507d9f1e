using System.Text.Json;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Http;

namespace Advisor.Embedded.Cli;

/// <summary>What a running host leaves in its data folder for the commands of the same checkout.</summary>
/// <param name="Url">Where it listens, without a trailing slash.</param>
/// <param name="Started">UTC.</param>
/// <param name="Tokens">The demo tenant's tokens by role name; empty when the host was started without them.</param>
internal sealed record HostState(int Pid, string Url, DateTimeOffset Started, IReadOnlyDictionary<string, string> Tokens)
{
    /// <summary>The state in the folder; null when there is none or it is not readable as one. It may be left over: see <see cref="DataFolderLock"/>.</summary>
    public static HostState? Read(DataFolder folder)
    {
        try
        {
            return JsonSerializer.Deserialize<HostState>(File.ReadAllBytes(folder.State), AdvisorJson.Options) is { Url: not null, Tokens: not null } state
                ? state
                : null;
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes the state whole or not at all, readable by this user only: it holds tokens.</summary>
    public void Write(DataFolder folder)
    {
        var temporary = folder.State + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(temporary, options))
        {
            JsonSerializer.Serialize(file, this, AdvisorJson.Options);
        }

        File.Move(temporary, folder.State, overwrite: true);
    }

    public static void Delete(DataFolder folder) => File.Delete(folder.State);
}
