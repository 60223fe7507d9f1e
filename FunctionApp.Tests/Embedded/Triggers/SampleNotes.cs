using System.Threading.Channels;
using Xunit;

namespace Advisor.Tests.Embedded.Triggers;

/// <summary>What the sample functions of one host tell the test.</summary>
public sealed class SampleNotes
{
    private readonly Channel<string> _notes = Channel.CreateUnbounded<string>();

    public void Add(string note) => _notes.Writer.TryWrite(note);

    /// <summary>The next note; fails rather than waits forever.</summary>
    public Task<string> NextAsync() =>
        _notes.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    /// <summary>Held by functions that wait until the test lets them go on.</summary>
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsEmpty => _notes.Reader.Count == 0;
}
