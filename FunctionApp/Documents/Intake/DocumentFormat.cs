namespace Advisor.Documents.Intake;

/// <summary>The formats that are read.</summary>
public enum DocumentFormat
{
    Pdf,

    /// <summary>Open Packaging workbooks: .xlsx, .xlsm (macros are never run), .xltx, .xltm.</summary>
    Xlsx,

    /// <summary>The binary workbooks of Excel 97 to 2003 and before.</summary>
    Xls,

    /// <summary>Delimited text, whatever the delimiter and encoding.</summary>
    Csv,
}

/// <summary>Names of the formats.</summary>
public static class DocumentFormats
{
    /// <summary>For a sentence: "PDF", "Excel workbook", "CSV file".</summary>
    public static string Spoken(this DocumentFormat format) => format switch
    {
        DocumentFormat.Pdf => "PDF",
        DocumentFormat.Csv => "CSV file",
        _ => "Excel workbook",
    };

    /// <summary>The <c>document_type</c> of the API: <c>pdf</c>, <c>excel</c> or <c>csv</c>.</summary>
    public static string DocumentType(this DocumentFormat format) => format switch
    {
        DocumentFormat.Pdf => "pdf",
        DocumentFormat.Csv => "csv",
        _ => "excel",
    };

    /// <summary>The extension under which the bytes are stored, without the dot.</summary>
    public static string Extension(this DocumentFormat format) => format switch
    {
        DocumentFormat.Pdf => "pdf",
        DocumentFormat.Xlsx => "xlsx",
        DocumentFormat.Xls => "xls",
        _ => "csv",
    };
}
