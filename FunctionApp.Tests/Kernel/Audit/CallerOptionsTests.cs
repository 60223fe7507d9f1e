using System.ComponentModel.DataAnnotations;
using Advisor.Azure;
using Advisor.Tests.Documents.EndToEnd;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Audit;

public sealed class CallerOptionsTests
{
    [Fact]
    public async Task TrustForwardedFor_ValueThatIsNone_StopsTheHostWithTheSettingsName() =>
        (await Should.ThrowAsync<InvalidOperationException>(() => RunningAdvisor.StartAsync(("Http:TrustForwardedFor", "perhaps")))).Message
            .ShouldContain("'perhaps' at 'Http:TrustForwardedFor'");

    [Fact]
    public void TenantClaim_Missing_IsRefused()
    {
        var results = new List<ValidationResult>();
        var options = new PrincipalOptions { TenantClaim = "" };
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true).ShouldBeFalse();
        results.ShouldHaveSingleItem().ErrorMessage.ShouldBe("Identity:TenantClaim must name a claim type.");
    }
}
