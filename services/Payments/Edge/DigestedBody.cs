using System.Security.Cryptography;
using Billing.Contracts.Signing;
using Billing.Platform;

namespace Billing.Payments;

/// <summary>
/// A body whose end is reached only if it is the one whose digest was signed: whoever reads it whole has checked it.
/// </summary>
internal sealed class DigestedBody(Stream inner, string digest) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Check(buffer.Span[..read], buffer.Length);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _hash.Dispose();
        base.Dispose(disposing);
    }

    private void Check(ReadOnlySpan<byte> read, int wanted)
    {
        _hash.AppendData(read);
        if (read.IsEmpty && wanted > 0
            && PartnerSignature.DigestFrom(_hash.GetCurrentHash()) != digest)
            throw new RefusedException(SignedRequest.DigestWrong);
    }
}
