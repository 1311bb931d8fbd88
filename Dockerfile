# The static program alone, as `cargo xtask dist` leaves it in target/dist/docker; nothing is built in here.
#
#     docker build --tag mirrord .
#     docker run --rm mirrord doctor
#
# To watch a program of another image, copy it there, and let it be what runs the program:
#
#     COPY --from=mirrord /usr/local/bin/mirrord /usr/local/bin/mirrord
#     ENTRYPOINT ["mirrord", "exec", "--wait-all", "--"]
FROM scratch
ARG TARGETARCH=amd64
COPY --chmod=0755 target/dist/docker/${TARGETARCH}/mirrord /usr/local/bin/mirrord
ENV PATH=/usr/local/bin
ENTRYPOINT ["/usr/local/bin/mirrord"]
CMD ["--help"]
