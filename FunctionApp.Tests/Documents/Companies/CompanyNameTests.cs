using Advisor.Documents.Contracts;
using Advisor.Kernel.Tenancy;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.Companies;

public sealed class CompanyNameTests
{
    [Theory]
    [InlineData("Northwind Instruments, Inc.", "northwind instruments")]
    [InlineData("NORTHWIND INSTRUMENTS INC", "northwind instruments")]
    [InlineData("  Northwind   Instruments\tIncorporated ", "northwind instruments")]
    [InlineData("Ford Motor Company", "ford motor")]
    [InlineData("Ford Motor Co.", "ford motor")]
    [InlineData("Procter & Gamble Co.", "procter and gamble")]
    [InlineData("Procter and Gamble", "procter and gamble")]
    [InlineData("Henkel AG & Co. KGaA", "henkel")]
    [InlineData("L'Oréal S.A.", "loréal")]
    [InlineData("Heineken N.V.", "heineken")]
    [InlineData("Shell plc", "shell")]
    [InlineData("Siemens Energy Global GmbH & Co. KG", "siemens energy global")]
    [InlineData("3M Company", "3m")]
    [InlineData("U.S. Steel Corp.", "us steel")]
    [InlineData("Toyota Motor Co., Ltd.", "toyota motor")]
    [InlineData("AG", "ag")]
    [InlineData("Company, Inc.", "company")]
    [InlineData("Inc. Magazine", "inc magazine")]
    [InlineData("Limited Brands", "limited brands")]
    [InlineData("...", null)]
    [InlineData("", null)]
    public void Normalized_PrintedName_LeavesOutWhatDoesNotTellCompaniesApart(string printed, string? normalized) => CompanyName.Normalized(printed).ShouldBe(normalized);

    [Fact]
    public void IdOf_SameNameInAnotherTenant_IsAnotherCompany()
    {
        var (one, other) = (new TenantId("one"), new TenantId("other"));
        CompanyName.IdOf(one, "Shell plc").ShouldBe(CompanyName.IdOf(one, "SHELL PLC"));
        CompanyName.IdOf(one, "Shell plc").ShouldNotBe(CompanyName.IdOf(other, "Shell plc"));
        CompanyName.IdOf(one, "Shell plc").ShouldNotBe(CompanyName.IdOf(one, "Shell Midstream"));
        CompanyName.IdOf(one, "—").ShouldBeNull();
    }

    [Fact]
    public void IdAsked_IdOrName_GiveTheSameId()
    {
        var tenant = new TenantId("one");
        var id = CompanyName.IdOf(tenant, "Shell plc")!;
        CompanyName.IdAsked(tenant, id).ShouldBe(id);
        CompanyName.IdAsked(tenant, id.ToUpperInvariant()).ShouldBe(id);
        CompanyName.IdAsked(tenant, "Shell").ShouldBe(id);
    }
}
