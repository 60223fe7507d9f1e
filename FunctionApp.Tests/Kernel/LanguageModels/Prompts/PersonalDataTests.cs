using System.Globalization;
using Advisor.Kernel.LanguageModels.Prompts;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.LanguageModels.Prompts;

public sealed class PersonalDataTests
{
    [Theory]
    [InlineData("Ask jane.doe+x@mail.acme.example, please", "Ask [email], please")]
    [InlineData("müller@firma.example", "[email]")]
    [InlineData("IBAN DE89 3704 0044 0532 0130 00.", "IBAN [iban].")]
    [InlineData("GB29NWBK60161331926819", "[iban]")]
    [InlineData("Card 4539 5787 6362 1486 on file", "Card [card] on file")]
    [InlineData("5555-5555-5555-4444", "[card]")]
    [InlineData("378282246310005", "[card]")]
    [InlineData("SSN 123-45-6789", "SSN [ssn]")]
    [InlineData("SSN: 123456789", "SSN: [ssn]")]
    [InlineData("Call +1 (555) 010-1234 now", "Call [phone] now")]
    [InlineData("+44 20 7946 0958", "[phone]")]
    [InlineData("(212) 555-0123", "[phone]")]
    [InlineData("Tel. 030 901820", "Tel. [phone]")]
    public void Mask_PersonalData_IsMasked(string text, string masked) => PersonalData.Mask(text).Masked.ShouldBe(masked);

    [Theory]
    [InlineData("Revenue 1,234,567,890,123.45 (1,234)")]
    [InlineData("4539578763621487 is no card: its check digit is wrong")]
    [InlineData("DE89 3704 0044 0532 0130 01")]
    [InlineData("2024 2023 2022 2021")]
    [InlineData("+12 345 678 against -1 234 567")]
    [InlineData("from 2019-2024, notes 12-34-5678a")]
    [InlineData("$4539578763621486.00")]
    [InlineData("Form 10-K, page 4 of 120, ISO 9001")]
    [InlineData("000-12-3456 and 123-45-67890")]
    public void Mask_Figures_StayAsTheyAre(string text) => PersonalData.Mask(text).Masked.ShouldBe(text);

    /// <summary>Amounts as statements print them, alone and in rows: none is masked.</summary>
    [Fact]
    public void Mask_NumbersOfStatements_AreUntouched()
    {
        var amount = from magnitude in Gen.Choose(0, 12)
                     from digits in Gen.Choose(0, 999_999_999)
                     from cents in Gen.Choose(0, 99)
                     from style in Gen.Elements("{0:N0}", "({0:N0})", "-{0:N2}", "${0:N2}", "{0:N1}%", "{0:0.00}", "€ {0:N0}", "{0:N0} USD")
                     let value = Math.Round(((decimal)digits / 999_999_999 * (decimal)Math.Pow(10, magnitude)) + (cents / 100m), 2)
                     select string.Format(CultureInfo.InvariantCulture, style, value);
        var row = from label in Gen.Elements("Revenue", "Net income", "Cost of sales", "Note 14", "2024")
                  from amounts in Gen.ListOf(amount)
                  from gap in Gen.Elements("  ", " | ", "\t", "   ")
                  select $"{label}{gap}{string.Join(gap, amounts)}";
        Prop.ForAll(row.ToArbitrary(), text => PersonalData.Mask(text).Masked.ShouldBe(text)).QuickCheckThrowOnFailure();
    }

    /// <summary>A fact whose id is masked can be cited by nobody. Some ids have the form of an IBAN, and of these one in 97 its check digits.</summary>
    [Fact]
    public void Mask_IdsOfFacts_AreUntouched()
    {
        var random = new Random(20261121);
        for (var i = 0; i < 50_000; i++)
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"- f{random.NextInt64():x16} | revenue | Revenue | FY2025 | 1,234 USD | income");
            PersonalData.Mask(line).Masked.ShouldBe(line);
        }
    }

    /// <summary>Addresses, accounts and cards with right check digits, wherever in a text: none is left.</summary>
    [Fact]
    public void Mask_MadePersonalData_IsNeverLeft()
    {
        var word = Gen.Elements("and", "for", "to", "at", "paid", "since");
        var letters = from length in Gen.Choose(1, 12) from made in Gen.ArrayOf(Gen.Elements("abcdefghijklmnopqrstuvwxyz".ToCharArray()), length) select new string(made);
        var email = from name in letters from dot in Gen.Elements("", ".x", "_1", "-y") from host in letters from top in Gen.Elements("com", "example", "co.uk") select $"{name}{dot}@{host}.{top}";
        var digits = (int count) => from made in Gen.ArrayOf(Gen.Elements("0123456789".ToCharArray()), count) select new string(made);
        var iban = from account in digits(18)
                   from spaced in Gen.Elements(true, false)
                   let check = 98 - (int)(System.Numerics.BigInteger.Parse(account + "131400", CultureInfo.InvariantCulture) % 97)
                   let whole = $"DE{check:00}{account}"
                   select spaced ? string.Join(' ', whole.Chunk(4).Select(part => new string(part))) : whole;
        var card = from first in Gen.Elements("4", "51", "55", "2221", "6011")
                   from rest in digits(15 - first.Length)
                   from gap in Gen.Elements("", " ", "-")
                   let body = first + rest
                   let whole = body + Luhn(body)
                   select string.Join(gap, whole.Chunk(4).Select(part => new string(part)));
        var text = from before in word from secret in Gen.OneOf(email, iban, card) from after in word from end in Gen.Elements(" ", ", ", ". ", ")\n", "; ") select (Secret: secret, Text: $"{before} {secret}{end}{after}");
        Prop.ForAll(text.ToArbitrary(), made =>
        {
            var (masked, counts) = PersonalData.Mask(made.Text);
            masked.ShouldNotContain(made.Secret);
            counts.Values.Sum().ShouldBe(1);
        }).QuickCheckThrowOnFailure();
    }

    private static int Luhn(string body) =>
        (10 - (body.Reverse().Select((digit, place) => place % 2 == 1 ? digit - '0' : digit > '4' ? ((digit - '0') * 2) - 9 : (digit - '0') * 2).Sum() % 10)) % 10;
}
