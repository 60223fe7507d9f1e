using System.Buffers.Binary;

namespace Advisor.Documents.Reading.Pages;

/// <summary>The size of a PNG, from its first chunk.</summary>
internal static class PngSize
{
    /// <summary>Eight bytes of signature, then length and name of the chunk that begins with width and height.</summary>
    private const int Offset = 16;

    /// <returns>Pixels.</returns>
    /// <exception cref="EndOfStreamException">The file is too short for a PNG.</exception>
    public static (int Width, int Height) Of(string file)
    {
        Span<byte> head = stackalloc byte[Offset + 8];
        using var stream = File.OpenRead(file);
        stream.ReadExactly(head);
        return (BinaryPrimitives.ReadInt32BigEndian(head[Offset..]), BinaryPrimitives.ReadInt32BigEndian(head[(Offset + 4)..]));
    }
}
