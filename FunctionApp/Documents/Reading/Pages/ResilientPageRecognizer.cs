using Advisor.Kernel.Resilience;

namespace Advisor.Documents.Reading.Pages;

/// <summary>A service that recognises pages, called through its <see cref="Dependency"/>. Programs of this machine have bounds of their own.</summary>
internal sealed class ResilientPageRecognizer(IPageRecognizer inner, Dependency dependency) : IPageRecognizer
{
    public async Task<IReadOnlyList<PageReading>> ReadAsync(string file, IReadOnlyList<PageReading> pages, CancellationToken cancellationToken) => await dependency.CallAsync(
        "recognise", null, (inner, file, pages),
        static (call, token) => new ValueTask<IReadOnlyList<PageReading>>(call.inner.ReadAsync(call.file, call.pages, token)), cancellationToken);
}
