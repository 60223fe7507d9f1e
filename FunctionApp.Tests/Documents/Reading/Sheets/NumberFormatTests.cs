using System.Globalization;
using Advisor.Documents.Reading.Sheets;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.Reading.Sheets;

/// <summary>What a workbook shows for a number, a date or a text under a format.</summary>
public class NumberFormatTests
{
    [Theory]
    [InlineData("General", "1234.5", "1234.5")]
    [InlineData("General", "0.333333333333333", "0.333333333")]
    [InlineData("General", "33.3333333333333", "33.33333333")]
    [InlineData("General", "12345678901", "12345678901")]
    [InlineData("General", "123456789012", "1.23457E+11")]
    [InlineData("General", "0.00001", "0.00001")]
    [InlineData("General", "0.000012345678", "1.23457E-05")]
    [InlineData("General", "-5", "-5")]
    [InlineData("0", "2.5", "3")]
    [InlineData("0", "-2.5", "-3")]
    [InlineData("0.00", "1.0049999999999999", "1.01")]
    [InlineData("#,##0", "1234567", "1,234,567")]
    [InlineData("#,##0", "0", "0")]
    [InlineData("#,###", "0", "")]
    [InlineData("#,##0.0#", "1234.5", "1,234.5")]
    [InlineData("0%", "0.125", "13%")]
    [InlineData("0.0%", "0.125", "12.5%")]
    [InlineData("#,##0_);(#,##0)", "-1234", "(1,234)")]
    [InlineData("#,##0_);(#,##0)", "1234", "1,234")]
    [InlineData("#,##0;[Red]-#,##0", "-1234", "-1,234")]
    [InlineData("#,##0,", "1234567", "1,235")]
    [InlineData("0.0,,\"m\"", "1234567", "1.2m")]
    [InlineData("0,.0", "1234", "1.2")]
    [InlineData("$#,##0.00", "1234.5", "$1,234.50")]
    [InlineData("[$€-407] #,##0.00", "1234.5", "€ 1,234.50")]
    [InlineData("_(* #,##0_);_(* (#,##0);_(* \"-\"_);_(@_)", "0", "-")]
    [InlineData("_(* #,##0_);_(* (#,##0);_(* \"-\"_);_(@_)", "-42", "(42)")]
    [InlineData("[>=1000000]0.0,,\"m\";[>=1000]0.0,\"k\";0", "1500", "1.5k")]
    [InlineData("[<0]\"minus \"0;0", "-5", "minus 5")]
    [InlineData("000-00-0000", "123456789", "123-45-6789")]
    [InlineData("00000", "123", "00123")]
    [InlineData("0.00E+00", "1234.5", "1.23E+03")]
    [InlineData("##0.0E+0", "12345", "12.3E+3")]
    [InlineData("0.00E+00", "0.00012", "1.20E-04")]
    [InlineData("# ?/?", "1.5", "1 1/2")]
    [InlineData("# ?/8", "0.25", "2/8")]
    [InlineData("0\"x\"", "3", "3x")]
    [InlineData("0.0\\x", "3.25", "3.3x")]
    [InlineData("0;;", "-3", "")]
    [InlineData("0;-0;\"nil\"", "0", "nil")]
    [InlineData("yyyy-mm-dd", "45657", "2024-12-31")]
    [InlineData("d-mmm-yy", "45657", "31-Dec-24")]
    [InlineData("mmmm d, yyyy", "45657", "December 31, 2024")]
    [InlineData("dddd", "45657", "Tuesday")]
    [InlineData("h:mm AM/PM", "0.75", "6:00 PM")]
    [InlineData("hh:mm:ss", "0.999988425925926", "23:59:59")]
    [InlineData("[h]:mm", "1.5", "36:00")]
    [InlineData("mm:ss.0", "0.000706018518518519", "01:01.0")]
    [InlineData("m/d/yyyy h:mm", "45657.5", "12/31/2024 12:00")]
    [InlineData("yyyy", "1", "1900")]
    public void Display_Number_ReadsAsTheWorkbookShowsIt(string code, string value, string shown) =>
        NumberFormat.Parse(code).Display(decimal.Parse(value, CultureInfo.InvariantCulture)).ShouldBe(shown);

    [Fact]
    public void Display_Date1904_CountsFromThere() => NumberFormat.Parse("yyyy-mm-dd").Display(0m, date1904: true).ShouldBe("1904-01-01");

    [Theory]
    [InlineData("#,##0;(#,##0);\"-\";\"note: \"@", "abc", "note: abc")]
    [InlineData("_(@_)", "  abc ", "  abc ")]
    [InlineData("0.00", "abc", "abc")]
    public void Display_Text_PutsTheFormatsWordsAroundIt(string code, string text, string shown) => NumberFormat.Parse(code).Display(text).ShouldBe(shown);

    [Fact]
    public void ColourOf_NegativeSectionInRed_NamesIt()
    {
        NumberFormat.Parse("0;[Red]-0").ColourOf(-1).ShouldBe("red");
        NumberFormat.Parse("0;[Red]-0").ColourOf(1).ShouldBeNull();
    }

    [Theory]
    [InlineData("[Red]0.00", false)]
    [InlineData("General", false)]
    [InlineData("\"day\" 0", false)]
    [InlineData("[$-409]d-mmm", true)]
    [InlineData("[mm]:ss", true)]
    public void IsDate_LooksPastQuotesAndColours(string code, bool isDate) => NumberFormat.Parse(code).IsDate.ShouldBe(isDate);

    [Theory]
    [InlineData("[")]
    [InlineData("\"")]
    [InlineData("\\")]
    [InlineData("_")]
    [InlineData("*")]
    [InlineData(";;;;;")]
    [InlineData("0.0.0.0")]
    [InlineData("E+")]
    [InlineData("?/?/?")]
    [InlineData("[>]0")]
    public void Display_MalformedCode_StillShowsSomething(string code)
    {
        NumberFormat.Parse(code).Display(1234.5m).ShouldNotBeNull();
        NumberFormat.Parse(code).Display(-1e300).ShouldNotBeNull();
        NumberFormat.Parse(code).Display(decimal.MaxValue).ShouldNotBeNull();
    }
}
