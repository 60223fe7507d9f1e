namespace Advisor.Documents.Reading.Pages;

/// <summary>Passes text on with control characters, which XML does not allow, turned into spaces: fonts map odd glyphs to them.</summary>
internal sealed class PrintableReader(TextReader inner) : TextReader
{
    public override int Read(char[] buffer, int index, int count)
    {
        var read = inner.Read(buffer, index, count);
        for (var i = index; i < index + read; i++)
        {
            if (buffer[i] < ' ' ? buffer[i] is not ('\t' or '\n' or '\r') : buffer[i] is '\uFFFE' or '\uFFFF')
            {
                buffer[i] = ' ';
            }
        }

        return read;
    }

    public override int Read() => throw new NotSupportedException("Text is read in blocks.");

    public override int Peek() => throw new NotSupportedException("Text is read in blocks.");
}
