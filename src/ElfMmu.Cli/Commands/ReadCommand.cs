using System.CommandLine;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Dumps;
using ElfMmu.Reading;
using ElfMmu.Spaces;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu read</c>: reads memory by address.</summary>
internal sealed class ReadCommand
{
    private const ulong DefaultLength = 256;
    private const ulong DefaultTextLength = 4096;
    private const int BlockSize = 1 << 20;

    private readonly ReadOptionSet _own;
    private readonly ParseResult _parse;
    private readonly Terminal _terminal;
    private readonly MemoryWriter _writer;

    private ReadCommand(ReadOptionSet own, ParseResult parse, Terminal terminal)
    {
        _own = own;
        _parse = parse;
        _terminal = terminal;
        _writer = new MemoryWriter(parse.GetValue(own.Format), terminal.Output);
    }

    public static Command Create(OptionSet options, Terminal terminal)
    {
        var own = new ReadOptionSet();
        Argument<string> dump = Value.Files<string>("DUMP", "The dump.");
        Argument<ulong[]> addresses = Value.AddressArguments("ADDRESS", "Where to read; several are read one after the other.");
        Command command = CommandFactory.Create(
            "read",
            "Read memory by address: bytes, values, text or structures.",
            options,
            terminal,
            [dump, addresses],
            [.. own.All, .. options.SpaceOnly],
            parse =>
            {
                var read = new ReadCommand(own, parse, terminal);
                return read.Run(
                    parse.GetRequiredValue(dump), parse.GetRequiredValue(addresses), new EngineRequest(options, parse));
            });
        command.Refuse(own.Type, own.Text, own.Layout, own.Length)
            .Refuse(own.Layout, own.Text, own.Length)
            .Refuse(own.Text, own.Count)
            .Refuse(own.Physical, options.SpaceAlone)
            .Need(own.Count, own.Type, own.Layout)
            .Need(own.FixedLength, own.Text)
            .Need(own.FixedLength, own.Length);
        command.Validators.Add(result =>
        {
            if (result.TryGet(own.Layout, out StructLayout? layout)
                && layout!.In(default(DataModel) with { WordSize = 64 }).Fields.FirstOrDefault(IsPlace) is { } place)
            {
                result.AddError($"{own.Layout.Name}: a field can't be named '{place.Name}', for every structure has an address of that name.");
            }

            if (result.Has(own.Text) && result.TryGet(own.Format, out ReadFormat format) && format == ReadFormat.Raw)
            {
                result.AddError("--format raw writes bytes as they are; leave --text out.");
            }

            if (result.TryGet(own.FillByte, out ulong? filler) && filler > byte.MaxValue)
            {
                result.AddError("--fill-byte is a number from 0 to 255.");
            }

            if (result.Has(own.FillByte) && result.TryGet(own.Absent, out AbsentMemory handling) && handling != AbsentMemory.Fill)
            {
                result.AddError($"{own.FillByte.Name} is for {own.Absent.Name} fill.");
            }

            if (result.Has(own.Text) && result.TryGet(own.Length, out ulong? length) && length > int.MaxValue / 2)
            {
                result.AddError("--length is more than text can have.");
            }
        });
        return command;
    }

    private static bool IsPlace(StructField field) => MemoryWriter.AddressNames.Contains(field.Name, StringComparer.OrdinalIgnoreCase);

    private int Run(string path, ulong[] addresses, EngineRequest request)
    {
        int code;
        if (_parse.GetValue(_own.Physical))
        {
            using MemoryDump dump = _terminal.OpenDump(path, request.Dump);
            _terminal.About(dump);
            code = Run(addresses, MemoryReader.Of(dump));
        }
        else
        {
            using SpaceSource source = SpaceOpening.Open(path, request, _terminal);
            AddressSpace space = source.OpenSpace(source.Requests[0], _terminal.Cancellation);
            _terminal.Remark(space.Origin);
            code = Run(addresses, MemoryReader.Of(space));
        }

        _writer.End();
        return code;
    }

    private int Run(ulong[] addresses, MemoryReader reader)
    {
        _writer.IsPhysical = reader.IsPhysical;
        _writer.Digits = reader.Space?.Mode.WordSize == 32 ? 8 : 16;
        using var progress = new ProgressLine(_terminal);
        var options = new ReadOptions
        {
            // Who says which byte wants it.
            Absent = _parse.CommandResult.Has(_own.FillByte) ? AbsentMemory.Fill : _parse.GetValue(_own.Absent),
            FillByte = (byte)(_parse.GetValue(_own.FillByte) ?? 0),
            Cancellation = _terminal.Cancellation,

            // Lines on the terminal are progress enough.
            Progress = _parse.GetValue(_own.Format) == ReadFormat.Raw ? progress.Report : null,
        };
        return Each.Run(addresses, _terminal, address => Read(reader, address, options));
    }

    private void Read(MemoryReader reader, ulong address, ReadOptions options)
    {
        ulong count = _parse.GetValue(_own.Count) ?? 1;
        ulong? length = _parse.GetValue(_own.Length);
        var absent = new AbsentTally();
        if (_parse.GetValue(_own.Text) is { } encoding)
        {
            MemoryText text = reader.ReadText(
                address, encoding, (int)(length ?? DefaultTextLength), !_parse.GetValue(_own.FixedLength), options);
            foreach (AbsentRange range in text.Absent)
            {
                absent.Add(range);
            }

            _writer.Write(text);
            Warn(absent, reader, text.End == MemoryTextEnd.Absent ? AbsentMemory.Stop : options.Absent);
            return;
        }

        if (_parse.GetValue(_own.Type)?.In(reader.Model) is { } codec)
        {
            foreach ((ulong at, ReadOnlyMemory<byte> bytes) in reader.ReadItems(address, (ulong)codec.Size, count, options, absent))
            {
                _writer.Write(at, codec, codec.Decode(bytes.Span), bytes.Span);
            }
        }
        else if (_parse.GetValue(_own.Layout)?.In(reader.Model) is { } shape)
        {
            foreach ((ulong at, ReadOnlyMemory<byte> bytes) in reader.ReadItems(address, (ulong)shape.Size, count, options, absent))
            {
                _writer.Write(at, shape.Decode(bytes.Span), bytes.Span);
            }
        }
        else
        {
            foreach (MemoryBlock block in reader.ReadBlocks(address, length ?? DefaultLength, BlockSize, options))
            {
                foreach (AbsentRange range in block.Absent)
                {
                    absent.Add(range);
                }

                _writer.Write(block);
            }
        }

        Warn(absent, reader, options.Absent);
    }

    private void Warn(AbsentTally absent, MemoryReader reader, AbsentMemory handling)
    {
        if (absent.Describe(reader, handling) is { } warning)
        {
            _terminal.Warn(warning);
        }
    }
}
