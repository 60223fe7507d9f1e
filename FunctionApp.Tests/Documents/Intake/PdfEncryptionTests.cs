using System.Text;
using Advisor.Documents.Intake;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.Intake;

/// <summary>Encryption dictionaries as an independent tool (qpdf) writes them, with and without a user password, for every revision.</summary>
public class PdfEncryptionTests
{
    [Theory]
    [InlineData(true, "23f09f2b531a8837f7f7d7a9eb0ccbac", "<< /Filter /Standard /Length 40 /O <c92422687facee686e373f10b5c7d04738053152f7e2ee30e11c69ec442576ab> /P -4 /R 2 /U <8715f74215127fb654509ab7bec1d411eb179ef391c1663100d4c623974dd305> /V 1 >>")]
    [InlineData(false, "c21b40f4e26249c8d3068c7584fe3d60", "<< /Filter /Standard /Length 40 /O <92fe0f4454ad4c9644693f33c07cb54f587dce1e2682fe9ecea6107a1ef630dd> /P -4 /R 2 /U <64bb10653148dd9cb6fc4f8ff51b441c78381e33a3b9a89e9f41c5c46faa1d18> /V 1 >>")]
    [InlineData(true, "46ab9c51ad48443fece427189aa1ca62", "<< /Filter /Standard /Length 128 /O <566fa873ee33c797cd3b904fdadf814afa34df9a38f6ed41b984e2c6da2aa6f5> /P -4 /R 3 /U <f9733db654a2f49477218a16b2176f950122456a91bae5134273a6db134c87c4> /V 2 >>")]
    [InlineData(false, "1be73bb8ded6d1dec76d925288a8f150", "<< /Filter /Standard /Length 128 /O <0db5855fc5326569e765906caf64e4429a4c20d6e996fdef963e9b5080f9e083> /P -4 /R 3 /U <432ec62180a62a3903a599291d1158a70122456a91bae5134273a6db134c87c4> /V 2 >>")]
    [InlineData(true, "a0040a86cd1b4ed73bcef6497d68ce0e", "<< /CF << /StdCF << /AuthEvent /DocOpen /CFM /AESV2 /Length 16 >> >> /Filter /Standard /Length 128 /O <566fa873ee33c797cd3b904fdadf814afa34df9a38f6ed41b984e2c6da2aa6f5> /P -4 /R 4 /StmF /StdCF /StrF /StdCF /U <83d8486260b93681819ef9d18c4624070122456a91bae5134273a6db134c87c4> /V 4 >>")]
    [InlineData(false, "ecf8871663d432cfdd0a916706b2c610", "<< /CF << /StdCF << /AuthEvent /DocOpen /CFM /AESV2 /Length 16 >> >> /Filter /Standard /Length 128 /O <0db5855fc5326569e765906caf64e4429a4c20d6e996fdef963e9b5080f9e083> /P -4 /R 4 /StmF /StdCF /StrF /StdCF /U <0c8d4158335be1031e7955fa6cb273260122456a91bae5134273a6db134c87c4> /V 4 >>")]
    [InlineData(true, "f4e981f99a25244cfa3a0dfb78429e5f", "<< /CF << /StdCF << /AuthEvent /DocOpen /CFM /AESV2 /Length 16 >> >> /EncryptMetadata false /Filter /Standard /Length 128 /O <566fa873ee33c797cd3b904fdadf814afa34df9a38f6ed41b984e2c6da2aa6f5> /P -4 /R 4 /StmF /StdCF /StrF /StdCF /U <6b96aac5ad5a26afe851a6fc6d0ba1de0122456a91bae5134273a6db134c87c4> /V 4 >>")]
    [InlineData(false, "61f6c8ab6c0717cc410f5e599fe45777", "<< /CF << /StdCF << /AuthEvent /DocOpen /CFM /AESV2 /Length 16 >> >> /EncryptMetadata false /Filter /Standard /Length 128 /O <0db5855fc5326569e765906caf64e4429a4c20d6e996fdef963e9b5080f9e083> /P -4 /R 4 /StmF /StdCF /StrF /StdCF /U <8e6eedc4dec71d1e4ab6399bbe9544030122456a91bae5134273a6db134c87c4> /V 4 >>")]
    [InlineData(true, "108ebe956dca569c5f1e74eff29ae111", "<< /CF << /StdCF << /AuthEvent /DocOpen /CFM /AESV3 /Length 32 >> >> /Filter /Standard /Length 256 /O <2a49c489c0a2f1ca9c8c821b64d3dda6a6ae3bb351e9e60eb579764c48d84261af3f0a7768d4a042db777ea60894d280> /P -4 /R 5 /StmF /StdCF /StrF /StdCF /U <e88ee7760e43151b7d119c6d06fddb430ea2c5ae02259e9a95fe8595b6bbc3e2ffaaee759d9f5298481c0b891d566c34> /V 5 >>")]
    [InlineData(false, "5a11b1561559ea7108b55dc8e3fa7d6a", "<< /CF << /StdCF << /AuthEvent /DocOpen /CFM /AESV3 /Length 32 >> >> /Filter /Standard /Length 256 /O <d5b923044ba9d2f88cefb586428c5f322ea46931d5b5cb4649b1e68b45d78ca8c5fa1ded7d0d4f70343960d36fc7b4b3> /P -4 /R 5 /StmF /StdCF /StrF /StdCF /U <b320440c6bf7a1ab5b6aa6e40de5cce9ef87575767dc6382917b3efe87101e7c697b3edd2e2b6fcea1afa63c206df87c> /V 5 >>")]
    [InlineData(true, "c5760dacf84c9b4d92996cfa2d35c71d", "<< /CF << /StdCF << /AuthEvent /DocOpen /CFM /AESV3 /Length 32 >> >> /Filter /Standard /Length 256 /O <14f438c1446708352034b1dff1f1820272999c2d4e54ec4dfdcb99aadad712144e687966b8997e80dfb9e52ce37c47d9> /P -4 /R 6 /StmF /StdCF /StrF /StdCF /U <d013b69f2d960ac85715f3d1f48bfde02f1da6570cd31a0d180af1deb7a2caf288070f34fc63bd11ade18661c46aaf1c> /V 5 >>")]
    [InlineData(false, "b6f5b1ca30416e417ddb9c3091932d7e", "<< /CF << /StdCF << /AuthEvent /DocOpen /CFM /AESV3 /Length 32 >> >> /Filter /Standard /Length 256 /O <bb79a15593e1864cb1aeda0202d6b18de23ea57f03b003f5fafe94d660f4a360a4168ba5e0582ae1d91ed3ec941f1244> /P -4 /R 6 /StmF /StdCF /StrF /StdCF /U <30b5f0ef4eed38fb6d67c6f6d80df29f1e15af6347504f153084c612687ae073f8cdd8474386b047b79a43b0e83b9787> /V 5 >>")]
    public void Sniff_EncryptedPdf_IsRefusedOnlyWhereItNeedsAPassword(bool opens, string id, string dictionary) =>
        ContentSniffer.Sniff(Pdf(id, dictionary), "a.pdf")
            .ShouldBe(opens ? new SniffOutcome.Accepted(DocumentFormat.Pdf) : new SniffOutcome.Rejected(new IntakeRejection.EncryptedPdf()));

    [Theory]
    [InlineData("<< /Filter /Entrust.PPKEF /V 2 >>")]
    [InlineData("<< /Filter /Standard /R 9 /O <00> /U <00> >>")]
    [InlineData("<< /Filter /Standard /R 3 /O (short) /U (short) /P -4 >>")]
    public void Sniff_EncryptionNotUnderstood_LeavesItToTheReader(string dictionary) =>
        ContentSniffer.Sniff(Pdf("01", dictionary), "a.pdf").ShouldBe(new SniffOutcome.Accepted(DocumentFormat.Pdf, MayNeedPassword: true));

    [Fact]
    public void Sniff_WordEncryptInText_IsNotEncryption()
    {
        var text = "%PDF-1.4\n1 0 obj\n(see /Encrypt in the manual)\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n";
        ContentSniffer.Sniff(Encoding.ASCII.GetBytes(text), "a.pdf").ShouldBe(new SniffOutcome.Accepted(DocumentFormat.Pdf));
    }

    private static byte[] Pdf(string id, string dictionary) => Encoding.ASCII.GetBytes(
        $"%PDF-1.6\n4 0 obj\n{dictionary}\nendobj\ntrailer << /Root 1 0 R /ID [<{id}><{id}>] /Encrypt 4 0 R >>\nstartxref\n9\n%%EOF\n");
}
