namespace Advisor.Samples.Workbook;

internal enum Format
{
    General,
    Thousands,
    Percent,
    Price,
    Days,
    Multiple,
}

internal enum Look
{
    Plain,
    Title,
    Caption,
    Header,
    Section,
    Input,
    Total,
    Result,
}

internal sealed record Style(Look Look, Format Format);
