using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ElfMmu.Export;

/// <summary>
/// Writes a file ascending by offset and leaves holes where nothing is written. Large pieces go to the system as they are;
/// small ones that touch are gathered first.
/// </summary>
internal sealed class SparseFileWriter
{
    private const int BufferSize = 4 << 20;
    private const int DirectSize = 256 << 10;
    private const uint FsctlSetSparse = 0x900c4;

    private readonly SafeFileHandle _handle;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
    private long _bufferOffset;
    private int _buffered;

    public SparseFileWriter(SafeFileHandle handle)
    {
        _handle = handle;
        if (OperatingSystem.IsWindows())
        {
            // Elsewhere files are sparse by themselves. Where it fails the zeros are written by the file system: only slower.
            _ = DeviceIoControl(handle, FsctlSetSparse, 0, 0, 0, 0, out _, 0);
        }
    }

    /// <summary>Writes bytes at an offset.</summary>
    public void Write(ulong offset, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= DirectSize)
        {
            Flush();
            RandomAccess.Write(_handle, bytes, (long)offset);
            return;
        }

        if (_bufferOffset + _buffered != (long)offset || bytes.Length > _buffer.Length - _buffered)
        {
            Flush();
            _bufferOffset = (long)offset;
        }

        bytes.CopyTo(_buffer.AsSpan(_buffered));
        _buffered += bytes.Length;
    }

    /// <summary>Writes what is gathered and gives the file its length.</summary>
    public void Finish(ulong length)
    {
        Flush();
        RandomAccess.SetLength(_handle, (long)length);
    }

    private void Flush()
    {
        if (_buffered > 0)
        {
            RandomAccess.Write(_handle, _buffer.AsSpan(0, _buffered), _bufferOffset);
            _buffered = 0;
        }
    }

    [DllImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool DeviceIoControl(
        SafeFileHandle device, uint code, nint input, uint inputSize, nint output, uint outputSize, out uint returned, nint overlapped);
}
