using System.Runtime.InteropServices;

namespace ElfMmu.Cli.Output;

/// <summary>
/// The process's standard output. On Unix the console's own stream passes over a closed pipe in silence, and a long walk would
/// go on for nobody; this one says so with an <see cref="OutputException"/>.
/// </summary>
internal sealed partial class StandardOutput : Stream
{
    private const int Descriptor = 1;
    private const int Interrupted = 4;
    private const int BrokenPipe = 32;

    private StandardOutput()
    {
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Opens the stream that fits the system.</summary>
    public static Stream Open() => OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new StandardOutput();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            nint written = Write(Descriptor, buffer, buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            int code = Marshal.GetLastPInvokeError();
            if (code == BrokenPipe)
            {
                throw new OutputException("the reader has closed it", isClosed: true);
            }

            if (code == WouldBlock)
            {
                // Somebody made the shared pipe non-blocking; wait for its reader.
                Thread.Sleep(1);
            }
            else if (code != Interrupted)
            {
                throw new IOException(Marshal.GetPInvokeErrorMessage(code));
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static int WouldBlock => OperatingSystem.IsLinux() ? 11 : 35;

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, ReadOnlySpan<byte> buffer, nint count);
}
