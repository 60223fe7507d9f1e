using Advisor.Documents.Intake;

namespace Advisor.Documents.Reading.Sheets;

/// <summary>Ends a read from deep inside it; caught at the reader's door and turned into its reason, never seen outside.</summary>
internal sealed class ReadingStoppedException(IntakeRejection reason) : Exception(reason.Title)
{
    public IntakeRejection Reason { get; } = reason;
}

/// <summary>Counts what a read has taken so far against its limits.</summary>
internal sealed class ReadingBudget(IntakeLimits limits, CancellationToken cancellationToken)
{
    private long _bytes;
    private int _cells;
    private long _characters;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    public void Unpacked(int bytes)
    {
        CancellationToken.ThrowIfCancellationRequested();
        _bytes += bytes;
        if (_bytes > limits.MaxUnzippedBytes)
        {
            throw new ReadingStoppedException(new IntakeRejection.ZipBomb(limits.MaxUnzippedBytes));
        }
    }

    public void Filled()
    {
        if (++_cells > limits.MaxCells)
        {
            throw new ReadingStoppedException(new IntakeRejection.TooManyCells(limits.MaxCells));
        }

        if ((_cells & 0xFFF) == 0)
        {
            CancellationToken.ThrowIfCancellationRequested();
        }
    }

    public void Holds(int characters)
    {
        _characters += characters;
        if (_characters > limits.MaxTextCharacters)
        {
            throw new ReadingStoppedException(new IntakeRejection.TooMuchText(limits.MaxTextCharacters));
        }
    }
}

/// <summary>Counts the bytes that come out of a packed part, whatever its directory claimed.</summary>
internal sealed class CountedStream(Stream inner, ReadingBudget budget) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        budget.Unpacked(read);
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
