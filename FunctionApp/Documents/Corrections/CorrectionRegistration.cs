using Advisor.Documents.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Documents.Corrections;

internal static class CorrectionRegistration
{
    public static IServiceCollection AddCorrections(this IServiceCollection services) =>
        services.AddSingleton<CorrectedFindings>().AddSingleton<DocumentCorrections>().AddSingleton<IDerivedFromDocument, CorrectionsOfDocument>();
}
