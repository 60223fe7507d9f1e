using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Advisor.Embedded.Durable;

/// <summary>A step of an instance, or an activity call, that was running when a process died.</summary>
internal readonly record struct RunningWork(string? InstanceId, long? Activity);

/// <summary>A small file that says at any moment which work is running, so that the next process knows what the last one died of.</summary>
/// <remarks>
/// Marks are written before the work begins and not flushed: the page cache outlives the process, which is all that counts here, for a
/// power cut is nobody's fault. So a mark costs one system call and no commit. The counts themselves are kept in the journal.
/// </remarks>
internal sealed class RunningMarks : IDisposable
{
    private const int SlotSize = 512;
    private static readonly byte[] Empty = new byte[2];

    private readonly SafeFileHandle _file;

    private RunningMarks(SafeFileHandle file) => _file = file;

    /// <summary>Reads what the last process left behind, and begins with a clean file.</summary>
    public static RunningMarks Open(string path, out IReadOnlyList<RunningWork> leftBehind)
    {
        leftBehind = File.Exists(path) ? Read(File.ReadAllBytes(path)) : [];
        return new RunningMarks(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));
    }

    /// <summary>Forgets what the last process left; to be called once it is counted.</summary>
    public void Clear() => RandomAccess.SetLength(_file, 0);

    public void Enter(int slot, RunningWork work)
    {
        var text = work.Activity is { } seq ? $"a{seq}" : $"o{work.InstanceId}";
        Span<byte> mark = stackalloc byte[SlotSize];
        if (Encoding.UTF8.TryGetBytes(text, mark[2..], out var length))
        {
            mark[0] = (byte)length;
            mark[1] = (byte)(length >> 8);
            Write(slot, mark[..(length + 2)]);
        }
    }

    public void Leave(int slot) => Write(slot, Empty);

    public void Dispose() => _file.Dispose();

    private void Write(int slot, ReadOnlySpan<byte> mark)
    {
        try
        {
            RandomAccess.Write(_file, mark, (long)slot * SlotSize);
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException)
        {
            // A full disk or an engine that is gone costs the mark, not the work.
        }
    }

    private static List<RunningWork> Read(byte[] content)
    {
        List<RunningWork> found = [];
        for (var start = 0; start + 2 <= content.Length; start += SlotSize)
        {
            var length = content[start] | (content[start + 1] << 8);
            if (length < 2 || start + 2 + length > content.Length)
            {
                continue;
            }

            var text = Encoding.UTF8.GetString(content, start + 2, length);
            found.Add(text[0] == 'a'
                ? new RunningWork(null, long.Parse(text.AsSpan(1), CultureInfo.InvariantCulture))
                : new RunningWork(text[1..], null));
        }

        return found;
    }
}
