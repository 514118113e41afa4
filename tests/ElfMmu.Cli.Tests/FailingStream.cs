using ElfMmu.Cli.Output;

namespace ElfMmu.Cli.Tests;

/// <summary>A standard output whose reader is gone, or whose disk is full.</summary>
internal sealed class FailingStream(bool closed) : MemoryStream
{
    public override void Write(byte[] buffer, int offset, int count) =>
        throw (closed ? new OutputException("closed", isClosed: true) : new IOException("full"));
}
