# What nitro-cli prints of an image.
mkdir -p target/nitro
for i in 0 1 2; do printf '"PCR%s": "%s"\n' $i "$(printf '1%s' $i | sha384sum | cut -d ' ' -f 1)"; done |
  paste -sd , | sed 's/.*/{"Measurements": {"HashAlgorithm": "Sha384 { ... }", &}}/' >target/nitro/measurements.json
