namespace Advisor.Kernel.Records;

/// <summary>Addresses under which a caller fetches a blob from the store itself. A host registers it where its store can give them and its operator wants it.</summary>
/// <remarks>Whoever has an address may read that blob until it ends: give one only after every check, and never write one down.</remarks>
public interface IBlobDownloads
{
    /// <summary>An address that reads this one blob over https and ends after some minutes. Whether there is such a blob is not looked up.</summary>
    /// <param name="contentType">What the store is to answer as <c>Content-Type</c>.</param>
    /// <param name="contentDisposition">What the store is to answer as <c>Content-Disposition</c>.</param>
    Task<Uri> AddressAsync(string container, string name, string contentType, string contentDisposition, CancellationToken cancellationToken);
}
