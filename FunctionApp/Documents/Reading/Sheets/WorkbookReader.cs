using System.Runtime.InteropServices;
using System.Text;
using System.Xml;
using Advisor.Documents.Intake;

namespace Advisor.Documents.Reading.Sheets;

/// <summary>Reads workbooks and CSV files natively, each into the same model.</summary>
public static class WorkbookReader
{
    /// <summary>Reads a whole file.</summary>
    /// <param name="format">As <see cref="ContentSniffer"/> found it: <see cref="DocumentFormat.Xlsx"/>, <see cref="DocumentFormat.Xls"/> or <see cref="DocumentFormat.Csv"/>.</param>
    /// <param name="fileName">Names the sheet of a CSV file (its extension left out).</param>
    /// <remarks>Whatever the bytes, the answer is a workbook or a refusal; nothing outside the file is ever fetched, and no code in it is run.</remarks>
    /// <exception cref="ArgumentException">The format is PDF.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; checked at least every few thousand cells.</exception>
    public static WorkbookOutcome Read(ReadOnlyMemory<byte> content, DocumentFormat format, string fileName, IntakeLimits? limits = null, CancellationToken cancellationToken = default)
    {
        limits ??= IntakeLimits.Default;
        var budget = new ReadingBudget(limits, cancellationToken);
        try
        {
            return format switch
            {
                DocumentFormat.Xlsx => new WorkbookOutcome.Read(XlsxWorkbookReader.Read(Open(content), budget)),
                DocumentFormat.Xls => XlsWorkbookReader.Read(content, budget),
                DocumentFormat.Csv => CsvWorkbookReader.Read(content, SheetName(fileName), limits, cancellationToken),
                _ => throw new ArgumentException("A PDF is not a workbook.", nameof(format)),
            };
        }
        catch (ReadingStoppedException stopped)
        {
            return new WorkbookOutcome.Refused(stopped.Reason);
        }
        catch (Exception fault) when (IsDamage(fault, format))
        {
            return new WorkbookOutcome.Refused(new IntakeRejection.DamagedFile(format));
        }
    }

    /// <summary>A read-only stream over the bytes, without copying them where they are an array.</summary>
    internal static MemoryStream Open(ReadOnlyMemory<byte> content) =>
        MemoryMarshal.TryGetArray(content, out var bytes) ? new(bytes.Array!, bytes.Offset, bytes.Count, writable: false) : new(content.ToArray(), writable: false);

    /// <summary>What malformed bytes make the parsers throw; the binary reader, which is not ours, checks little of what it reads.</summary>
    private static bool IsDamage(Exception fault, DocumentFormat format) => fault switch
    {
        InvalidDataException or XmlException or EndOfStreamException or IOException or DecoderFallbackException => true,
        NotSupportedException or UriFormatException => format == DocumentFormat.Xlsx,
        CsvHelper.CsvFormatException => true,
        OperationCanceledException or OutOfMemoryException => false,
        _ => format == DocumentFormat.Xls,
    };

    private static string SheetName(string fileName)
    {
        var name = fileName[(fileName.LastIndexOfAny(['/', '\\']) + 1)..];
        var dot = name.LastIndexOf('.');
        return dot > 0 ? name[..dot] : name.Length > 0 ? name : "Sheet1";
    }
}
