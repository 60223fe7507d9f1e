using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Advisor.Embedded;

/// <summary>Logs to one file, a line for each entry; at 32 MB the file is set aside as <c>.1</c>, replacing the one before it.</summary>
/// <remarks>Callers never wait for the disk: entries pass through a bounded queue, and when it is full the oldest are dropped.</remarks>
internal sealed class FileLoggerProvider : ILoggerProvider
{
    private const long MaxLength = 32L * 1024 * 1024;

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(
        new BoundedChannelOptions(10_000) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly Task _writing;

    public FileLoggerProvider(string path, TimeProvider time)
    {
        _path = path;
        _time = time;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _writing = Task.Run(WriteAsync);
    }

    public ILogger CreateLogger(string categoryName) => new FileLogger(this, categoryName);

    /// <summary>Writes what is queued, then closes the file.</summary>
    public void Dispose()
    {
        _lines.Writer.TryComplete();
        _writing.Wait();
    }

    private async Task WriteAsync()
    {
        StreamWriter? writer = null;
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync())
            {
                writer ??= Open();
                await writer.WriteLineAsync(line);
                if (_lines.Reader.Count > 0)
                {
                    continue;
                }

                await writer.FlushAsync();
                if (writer.BaseStream.Length > MaxLength)
                {
                    await writer.DisposeAsync();
                    writer = null;
                    File.Move(_path, _path + ".1", overwrite: true);
                }
            }
        }
        catch (IOException fault)
        {
            // A full disk must not stop the host; whoever looks for the log finds why it ends.
            await Console.Error.WriteLineAsync($"The log {_path} cannot be written: {fault.Message}");
            _lines.Writer.TryComplete();
        }
        finally
        {
            if (writer is not null)
            {
                await writer.DisposeAsync();
            }
        }
    }

    private StreamWriter Open() => new(new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete), new UTF8Encoding(false));

    private sealed class FileLogger(FileLoggerProvider provider, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var time = provider._time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
            var line = $"{time} {logLevel.ToString().ToLowerInvariant()} {category}[{eventId.Id}] {OneLine(formatter(state, exception))}";
            provider._lines.Writer.TryWrite(exception is null ? line : $"{line}{Environment.NewLine}{exception}");
        }

        private static string OneLine(string text) => text.ReplaceLineEndings(" ");
    }
}
