namespace Advisor.Samples.Report;

internal static class Company
{
    public const string Name = "Northwind Instruments, Inc.";
    public const string Auditor = "Halvorsen & Pryce LLP";
    public const string Chief = "Eleanor M. Vance";
    public const string FinanceChief = "Daniel R. Okafor";
    public const string Notice = "The accompanying notes are an integral part of these consolidated financial statements.";
}
