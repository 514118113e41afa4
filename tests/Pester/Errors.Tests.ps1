# Every failure has an id to rely on and a category, and one bad file among good ones ends nothing.

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $folder = (New-Item -ItemType Directory "$TestDrive/work").FullName
    Push-Location $folder
    $sample = Get-SampleDump
    $small = New-SmallDump "$TestDrive/small.bin"
    $zeros = New-RawDump "$TestDrive/zeros.bin" 64kb
    $get = @{ Root = 0x1000ul; Mode = 'ia32e' }
    $off = New-ElfDump "$TestDrive/off.elf" $small @(, @{ cr0 = 1ul; cr3 = 0ul; cr4 = 0ul })
    $cut = "$TestDrive/cut.elf"
    $bytes = [IO.File]::ReadAllBytes((New-ElfDump $cut $small @(, @{ cr0 = 0x80000001ul; cr3 = 0x1000ul; cr4 = 0x20ul })))
    [IO.File]::WriteAllBytes($cut, $bytes[0..($bytes.Length - (Get-Item $small).Length - 1)])
    [IO.File]::WriteAllBytes("$TestDrive/program.elf", (New-ElfHeader -Type 2))
    [IO.File]::WriteAllBytes("$TestDrive/short.elf", (New-ElfHeader)[0..30])
    [IO.File]::WriteAllText("$TestDrive/text.txt", 'This is no ELF file.')
    [IO.File]::WriteAllText("$TestDrive/empty.bin", '')
    [IO.File]::WriteAllText("$TestDrive/bad.yaml", "cpu:`n  bits: [`n")
    $loop = @{}
    foreach ($i in 0..511) { $loop[0x1000 + 8 * $i] = 0x1007ul }
    $loop = New-RawDump "$TestDrive/loop.bin" 64kb $loop
}

AfterAll { Pop-Location }

Describe 'Get-PageTableMapping''s error <Id>' -ForEach @(
    @{ Id = 'RootNotFound'; Category = 'ObjectNotFound'; Script = { Get-PageTableMapping $zeros } }
    @{ Id = 'RootNotFound'; Category = 'ObjectNotFound'; Script = { Get-PageTableMapping $zeros -Mode ia32e } }
    @{ Id = 'RootNotFound'; Category = 'ObjectNotFound'; Script = { Get-PageTableMapping $zeros -AllRoots } }
    @{ Id = 'RootConflict'; Category = 'InvalidArgument'; Script = { Get-PageTableMapping $small -AllRoots -Root 0x1000 } }
    @{ Id = 'RootConflict'; Category = 'InvalidArgument'; Script = { Get-PageTableMapping $sample -AllRoots -Cpu 0 } }
    @{ Id = 'RootUnknown'; Category = 'InvalidArgument'; Script = { Get-PageTableMapping $zeros -NestedRoot 0x1000 } }
    @{ Id = 'ModeUnknown'; Category = 'InvalidArgument'; Script = { Get-PageTableMapping $zeros -AllRoots -Mode vax } }
    @{ Id = 'ModeRequired'; Category = 'InvalidArgument'; Script = { Get-PageTableMapping $zeros -Root 0x1000 } }
    @{ Id = 'ModeUnknown'; Category = 'InvalidArgument'; Script = { Get-PageTableMapping $small -Root 0x1000 -Mode vax } }
    @{ Id = 'CpuUnknown'; Category = 'InvalidArgument'; Script = { Get-PageTableMapping $sample -Cpu 7 } }
    @{ Id = 'CpuUnknown'; Category = 'InvalidArgument'; Script = { Get-PageTableMapping $small -Cpu 0 } }
    @{ Id = 'PagingOff'; Category = 'InvalidArgument'; Script = { Get-PageTableMapping $off } }
    @{ Id = 'RootNotInDump'; Category = 'InvalidArgument'; Script = { Get-PageTableMapping $small -Root 0x12345000 -Mode ia32e } }
    @{ Id = 'RamBaseInvalid'; Category = 'InvalidArgument'; Script = { Get-PageTableMapping $small @get -RamBase 0xfffffffffffff000 } }
    @{ Id = 'FileNotFound'; Category = 'ObjectNotFound'; Script = { Get-PageTableMapping "$TestDrive/none.bin" } }
    @{ Id = 'FileNotFound'; Category = 'ObjectNotFound'; Script = { Get-PageTableMapping "$TestDrive/none*.bin" } }
    @{ Id = 'FileNotFound'; Category = 'ObjectNotFound'; Script = { Get-PageTableMapping -LiteralPath "$TestDrive/none.bin" } }
    @{ Id = 'FileNotFound'; Category = 'ObjectNotFound'; Script = { Get-PageTableMapping $small -Machine "$TestDrive/none.yaml" } }
    @{ Id = 'PathInvalid'; Category = 'InvalidArgument'; Script = { Get-PageTableMapping Nowhere:/dump.bin } }
    @{ Id = 'PathInvalid'; Category = 'InvalidArgument'; Script = { Get-PageTableMapping -LiteralPath Nowhere:/dump.bin } }
    @{ Id = 'PathInvalid'; Category = 'InvalidArgument'; Script = { Get-PageTableMapping $small -Machine Nowhere:/machine.yaml } }
    @{ Id = 'FileOpenFailed'; Category = 'InvalidArgument'; Script = { Get-PageTableMapping $TestDrive } }
    @{ Id = 'MachineInvalid'; Category = 'InvalidData'; Script = { Get-PageTableMapping $small -Machine "$TestDrive/bad.yaml" } }
    @{ Id = 'DumpEmpty'; Category = 'InvalidData'; Script = { Get-PageTableMapping "$TestDrive/empty.bin" } }
    @{ Id = 'DumpTruncated'; Category = 'InvalidData'; Script = { Get-PageTableMapping $cut } }
    @{ Id = 'NotAMemoryDump'; Category = 'InvalidData'; Script = { Get-PageTableMapping "$TestDrive/program.elf" } }
    @{ Id = 'ElfTruncated'; Category = 'InvalidData'; Script = { Get-PageTableMapping "$TestDrive/short.elf" } }
    @{ Id = 'PageTableLoop'; Category = 'InvalidData'; Script = { Get-PageTableMapping $loop @get } }) {
    It 'has its id, its category and a message' {
        $failure = @(Get-ErrorOf $Script)
        $failure | Should -HaveCount 1
        $failure[0].FullyQualifiedErrorId | Should -Be "$Id,$commands.GetPageTableMappingCommand"
        $failure[0].CategoryInfo.Category | Should -Be $Category
        $failure[0].Exception.Message | Should -Match '\.$'
        $failure[0].TargetObject | Should -Not -BeNullOrEmpty
    }

    It 'doesn''t end the pipeline' {
        & { $ErrorActionPreference = 'SilentlyContinue'; & $Script; 'reached' } 2>$null | Select-Object -Last 1 |
            Should -Be 'reached'
    }
}

Describe 'Tables that map more than can be kept' {
    BeforeAll {
        # A hypervisor's table alternates between two frames, and all of the guest's large pages lie over it.
        $entries = @{ 0x1000 = 0x2007ul; 0x2000 = 0x3007ul; 0x3000 = 0x4007ul }
        foreach ($i in 0..511) {
            $entries[0x4000 + 8 * $i] = [ulong](($i -lt 16 ? $i : 20 + 2 * ($i % 2)) * 4096 + 7)
            $entries[0xa000 + 8 * $i] = 0xb007ul
            $entries[0xb000 + 8 * $i] = 0xc007ul
            $entries[0xc000 + 8 * $i] = 0x87ul
        }

        $bomb = New-RawDump "$TestDrive/bomb.bin" 128kb $entries
        $guest = @{ Root = 0xa000ul; Mode = 'ia32e'; NestedRoot = 0x1000ul; NestedMode = 'npt'; RamBase = 0ul }
    }

    It 'are refused by a search' {
        $failure = @(Get-ErrorOf { Search-VirtualMemory $bomb @guest -Bytes '11 22 33 44' })
        $failure | Should -HaveCount 1
        $failure[0].FullyQualifiedErrorId | Should -Be "SpaceTooLarge,$commands.SearchVirtualMemoryCommand"
        $failure[0].CategoryInfo.Category | Should -Be LimitsExceeded
    }

    It 'can be listed between two addresses' {
        Get-PageTableMapping $bomb @guest -MinimumAddress 0x200000 -MaximumAddress 0x3fffff | Should -HaveCount 497
    }
}

Describe 'One bad file among good ones' {
    It 'costs Get-PageTableMapping only itself' {
        $second = New-SmallDump "$TestDrive/second.bin"
        $mappings = Get-PageTableMapping $small, "$TestDrive/none.bin", $cut, $second -MaximumCount 1 @get -ErrorVariable failures -ErrorAction SilentlyContinue
        $mappings.Dump.Path | Should -Be $small, $second
        $failures.FullyQualifiedErrorId |
            Should -Be "FileNotFound,$commands.GetPageTableMappingCommand", "DumpTruncated,$commands.GetPageTableMappingCommand"
    }

    It 'costs Get-ElfHeader only itself' {
        $headers = $sample, "$TestDrive/text.txt", "$TestDrive/program.elf" |
            Get-ElfHeader -ErrorVariable failures -ErrorAction SilentlyContinue -WarningAction Ignore
        $headers.Path | Should -Be $sample, "$TestDrive/program.elf"
        $failures.FullyQualifiedErrorId | Should -Be "NotElf,$commands.GetElfHeaderCommand"
    }

    It 'costs Export-ElfCore only its own core' {
        $gone = New-SmallDump "$TestDrive/gone.bin"
        $mappings = Get-PageTableMapping $gone, $small @get
        Remove-Item $gone
        $mappings |
            Export-ElfCore -Path { '{0}.elf' -f [IO.Path]::GetFileNameWithoutExtension($_.Dump.Path) } -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.FullyQualifiedErrorId | Should -Be "FileNotFound,$commands.ExportElfCoreCommand"
        Get-FileName $folder | Should -Be 'small.elf'
        Remove-Item small.elf
    }
}

Describe 'Get-ElfHeader''s error <Id>' -ForEach @(
    @{ Id = 'NotElf'; Category = 'InvalidData'; Script = { Get-ElfHeader "$TestDrive/text.txt" } }
    @{ Id = 'NotElf'; Category = 'InvalidData'; Script = { Get-ElfHeader "$TestDrive/empty.bin" } }
    @{ Id = 'ElfTruncated'; Category = 'InvalidData'; Script = { Get-ElfHeader "$TestDrive/short.elf" } }
    @{ Id = 'FileNotFound'; Category = 'ObjectNotFound'; Script = { Get-ElfHeader "$TestDrive/none.elf" } }
    @{ Id = 'FileNotFound'; Category = 'ObjectNotFound'; Script = { Get-ElfHeader -LiteralPath "$TestDrive/none.elf" } }) {
    It 'has its id and its category' {
        $failure = @(Get-ErrorOf $Script)
        $failure | Should -HaveCount 1
        $failure[0].FullyQualifiedErrorId | Should -Be "$Id,$commands.GetElfHeaderCommand"
        $failure[0].CategoryInfo.Category | Should -Be $Category
    }
}

Describe 'Export-ElfCore''s errors' {
    BeforeAll {
        function Assert-Failure([scriptblock]$Script, [string]$Id, [string]$Category) {
            $before = Get-ChildItem $folder -Force | ForEach-Object { $_.Name + (Get-Hash $_) }
            $failure = @(Get-ErrorOf $Script)
            $failure | Should -HaveCount 1
            $failure[0].FullyQualifiedErrorId | Should -Be "$Id,$commands.ExportElfCoreCommand"
            $failure[0].CategoryInfo.Category | Should -Be $Category
            # What was there before is untouched, and nothing is left over.
            Get-ChildItem $folder -Force | ForEach-Object { $_.Name + (Get-Hash $_) } | Should -Be $before
        }

        [IO.File]::WriteAllText("$folder/old.elf", 'what was there before')
    }

    It 'are OutputExists with -NoClobber' {
        Assert-Failure { Get-PageTableMapping $small @get | Export-ElfCore old.elf -NoClobber } OutputExists ResourceExists
        Assert-Failure { Export-ElfCore old.elf -Dump $small @get -NoClobber -Force } OutputExists ResourceExists
    }

    It 'are OutputReadOnly for a read-only file, unless -Force' {
        $file = Get-Item old.elf
        $file.IsReadOnly = $true
        Assert-Failure { Get-PageTableMapping $small @get | Export-ElfCore old.elf } OutputReadOnly ResourceExists
        Copy-Item old.elf forced.elf
        (Get-Item forced.elf).IsReadOnly = $true
        Get-PageTableMapping $small @get | Export-ElfCore forced.elf -Force
        Read-ElfLoad "$folder/forced.elf" | Should -HaveCount 4
        Get-FileName $folder | Should -Be 'forced.elf', 'old.elf'
        $file.IsReadOnly = $false
        Remove-Item forced.elf -Force
    }

    It 'are OutputIsInput for the dump itself' {
        $dump = New-SmallDump "$folder/dump.bin"
        $hash = Get-Hash $dump
        Assert-Failure { Get-PageTableMapping $dump @get | Export-ElfCore dump.bin } OutputIsInput InvalidArgument
        Assert-Failure { Export-ElfCore ./dump.bin -Dump $dump @get -Force } OutputIsInput InvalidArgument
        Get-Hash $dump | Should -Be $hash
    }

    It 'are OutputIsInput for the machine description, and for its images' {
        $null = New-SmallDump "$folder/raw.bin"
        [IO.File]::WriteAllText("$folder/machine.yaml", @'
cpu:
  architecture: intel
  registers_values: { cr3: 0x1000 }
mmu: { mode: ia64 }
memspace:
  ram: [ { start: 0x0, end: 0xffff, dumpfile: raw.bin } ]
'@)
        Get-PageTableMapping machine.yaml | Should -HaveCount 4
        Assert-Failure { Get-PageTableMapping machine.yaml | Export-ElfCore raw.bin } OutputIsInput InvalidArgument
        Assert-Failure { Export-ElfCore machine.yaml -Dump raw.bin -Machine machine.yaml } OutputIsInput InvalidArgument
    }

    It 'are OutputInvalid for a folder, WriteFailed in a folder there isn''t' {
        Assert-Failure { Get-PageTableMapping $small @get | Export-ElfCore $TestDrive } OutputInvalid InvalidArgument
        Assert-Failure { Get-PageTableMapping $small @get | Export-ElfCore "$folder/none/core.elf" } WriteFailed WriteError
    }

    It 'are DumpChanged when the dump isn''t what it was: <Name>' -ForEach @(
        @{ Name = 'longer'; Change = { [IO.File]::AppendAllText($changing, 'x') } }
        @{ Name = 'written to'; Change = { (Get-Item $changing).LastWriteTimeUtc = (Get-Item $changing).LastWriteTimeUtc.AddSeconds(1) } }) {
        $changing = New-SmallDump "$TestDrive/changing.bin"
        $mappings = Get-PageTableMapping $changing @get
        & $Change
        Assert-Failure { $mappings | Export-ElfCore old.elf } DumpChanged InvalidData
    }

    It 'are FileNotFound when the dump is gone' {
        $changing = New-SmallDump "$TestDrive/changing.bin"
        $mappings = Get-PageTableMapping $changing @get
        Remove-Item $changing
        Assert-Failure { $mappings | Export-ElfCore old.elf } FileNotFound ObjectNotFound
    }

    It 'are NothingToExport when the filters leave nothing' {
        Assert-Failure { Get-PageTableMapping $small @get | Export-ElfCore old.elf -Rights rwx } NothingToExport InvalidData
        Assert-Failure { Export-ElfCore old.elf -Dump $small @get -MinimumAddress 0x1000000 -MaximumAddress 0x2000000 } NothingToExport InvalidData
    }

    It 'are NothingToExport when no mapping comes' {
        $failure = @(Get-ErrorOf { Get-PageTableMapping $small @get -MaximumAddress 0xfff | Export-ElfCore none.elf })
        $failure.FullyQualifiedErrorId | Should -Be "NothingToExport,$commands.ExportElfCoreCommand"
        "$folder/none.elf" | Should -Not -Exist
    }

    It 'are those of the dump with -Dump: <Id>' -ForEach @(
        @{ Id = 'RootNotFound'; Category = 'ObjectNotFound'; Script = { Export-ElfCore old.elf -Dump $zeros } }
        @{ Id = 'ModeRequired'; Category = 'InvalidArgument'; Script = { Export-ElfCore old.elf -Dump $zeros -Root 0x1000 } }
        @{ Id = 'ModeUnknown'; Category = 'InvalidArgument'; Script = { Export-ElfCore old.elf -Dump $zeros -Root 0x1000 -Mode vax } }
        @{ Id = 'CpuUnknown'; Category = 'InvalidArgument'; Script = { Export-ElfCore old.elf -Dump $sample -Cpu 7 } }
        @{ Id = 'FileNotFound'; Category = 'ObjectNotFound'; Script = { Export-ElfCore old.elf -Dump none.bin } }
        @{ Id = 'PathInvalid'; Category = 'InvalidArgument'; Script = { Export-ElfCore old.elf -Dump Nowhere:/dump.bin } }
        @{ Id = 'PathInvalid'; Category = 'InvalidArgument'; Script = { Export-ElfCore Nowhere:/old.elf -Dump $small @get } }
        @{ Id = 'PathInvalid'; Category = 'InvalidArgument'; Script = { Get-PageTableMapping $small @get | Export-ElfCore Nowhere:/old.elf } }
        @{ Id = 'DumpTruncated'; Category = 'InvalidData'; Script = { Export-ElfCore old.elf -Dump $cut } }
        @{ Id = 'NotAMemoryDump'; Category = 'InvalidData'; Script = { Export-ElfCore old.elf -Dump "$TestDrive/program.elf" } }
        @{ Id = 'PageTableLoop'; Category = 'InvalidData'; Script = { Export-ElfCore old.elf -Dump $loop @get } }) {
        Assert-Failure $Script $Id $Category
    }
}
