using System.Threading.Channels;

namespace Advisor.Embedded.Durable;

/// <summary>A number of places, taken in the order of asking. Back-pressure: who finds none waits.</summary>
internal sealed class Places
{
    private readonly Channel<bool> _free = Channel.CreateUnbounded<bool>();

    public Places(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Return();
        }
    }

    public async ValueTask TakeAsync(CancellationToken cancellationToken) => await _free.Reader.ReadAsync(cancellationToken);

    public void Return() => _free.Writer.TryWrite(true);
}
