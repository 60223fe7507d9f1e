using System.Text.Json;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Embedded.Triggers;

/// <summary>Remembers the runs of one timer function in a file, so that a run missed while the host was down is made up for.</summary>
internal sealed class TimerMonitor(string folder, string function)
{
    private readonly string _path = Path.Combine(folder, function + ".json");

    /// <summary>What was last saved; null when nothing was, or when it cannot be read.</summary>
    public ScheduleStatus? Read()
    {
        try
        {
            return File.Exists(_path) ? JsonSerializer.Deserialize<ScheduleStatus>(File.ReadAllBytes(_path)) : null;
        }
        catch (JsonException)
        {
            // A file cut short by a power loss is worth one missed run, not a host that does not start.
            return null;
        }
    }

    public void Save(ScheduleStatus status)
    {
        Directory.CreateDirectory(folder);
        var temporary = _path + ".new";
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(status));
        File.Move(temporary, _path, overwrite: true);
    }
}
