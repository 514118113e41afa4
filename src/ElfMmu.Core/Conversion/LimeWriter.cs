using System.Buffers.Binary;
using ElfMmu.Export;

namespace ElfMmu.Conversion;

/// <summary>
/// Writes LiME: in front of each stretch 32 bytes with magic 0x4C694D45, version 1, and its first and last address. A stretch that ends
/// before it should, because memory is damaged there, ends with its last sound page.
/// </summary>
/// <remarks>LiME, doc/README, "Memory Acquisition Format".</remarks>
internal sealed class LimeWriter(OutputFile output) : DumpWriter
{
    private const uint Magic = 0x4c69_4d45;
    private const uint Version = 1;
    private const int HeaderSize = 32;

    private readonly SparseFileWriter _writer = new(output.Stream.SafeFileHandle);
    private ZeroSkippingCopier? _copier;
    private ulong _headers;
    private ulong _headerAt;

    /// <inheritdoc/>
    public override ulong Written => _headers + (_copier?.Written ?? 0);

    /// <inheritdoc/>
    public override ulong Finish()
    {
        End();
        ulong length = Pieces.Count == 0 ? 0 : _headerAt + HeaderSize + Pieces[^1].Size;
        _writer.Finish(length);
        return length;
    }

    /// <inheritdoc/>
    protected override void Begin(ulong address)
    {
        if (Pieces.Count > 0)
        {
            End();
            _headerAt += HeaderSize + Pieces[^1].Size;
        }
    }

    /// <inheritdoc/>
    protected override void Put(ulong address, ReadOnlySpan<byte> bytes)
    {
        _copier ??= new ZeroSkippingCopier(_writer);
        _copier.Copy(_headerAt + HeaderSize + (address - Pieces[^1].Start), bytes);
    }

    /// <summary>Writes the header of the last stretch, whose end is known now.</summary>
    private void End()
    {
        if (Pieces.Count == 0)
        {
            return;
        }

        Span<byte> header = stackalloc byte[HeaderSize];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Version);
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], Pieces[^1].Start);
        BinaryPrimitives.WriteUInt64LittleEndian(header[16..], Pieces[^1].Last);
        _writer.Write(_headerAt, header);
        _headers += HeaderSize;
    }
}
