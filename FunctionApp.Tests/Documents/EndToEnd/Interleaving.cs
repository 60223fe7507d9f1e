using System.Collections.Concurrent;
using Advisor.Kernel.Records;
using Advisor.Kernel.Resilience;
using Advisor.Tests.Kernel.Records;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Tests.Documents.EndToEnd;

/// <summary>Lets something else happen right before or after a call to the record store, so that a race always ends the same way.</summary>
internal sealed class Interleaving
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Func<Task>> _planned = new(StringComparer.Ordinal);

    public void Register(IServiceCollection services) => services.ReplaceInner<IRecordStore>(inner => new AroundRecords(inner, call => HappenAsync($"before {call}"), call => HappenAsync($"after {call}")));

    /// <summary>What is to happen happens once, at the first such call.</summary>
    /// <param name="moment"><c>before put documents</c>, <c>after put_many insights</c>.</param>
    /// <returns>Completes with what happened.</returns>
    public Task At(string moment, Func<Task> happens)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _planned[moment] = async () =>
        {
            try
            {
                await happens();
                done.SetResult();
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                done.SetException(fault);
            }
        };
        return done.Task.WaitAsync(s_patience);
    }

    private Task HappenAsync(string moment) => _planned.TryRemove(moment, out var happens) ? happens() : Task.CompletedTask;
}
